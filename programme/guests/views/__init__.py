"""Pages for guests and for the staff who receive them."""
