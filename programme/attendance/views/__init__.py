"""Pages of attendance: they translate and decide nothing."""
