"""Kinds of case that staff make in the browser: a form, a workflow and who may start."""
