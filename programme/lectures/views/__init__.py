"""Pages of lectures: for participants, for staff, and the file itself."""
