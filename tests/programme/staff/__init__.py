"""Tests of what participants and managers see of the training."""
