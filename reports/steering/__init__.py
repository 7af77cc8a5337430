"""The page of the steering group (R-195): meetings, decisions, reports, and sums without persons."""
