"""Reports of online meetings: read within bounds, matched without guessing, counted once confirmed."""
