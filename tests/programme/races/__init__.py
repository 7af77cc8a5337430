"""Forty browsers at once against a real web server: what is booked, and what is counted."""
