"""Venues, their accessibility, their bookings, and what participants need to take part."""
