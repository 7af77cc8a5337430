"""Certificates of attendance and of completed courses, and the public page that checks them."""
