"""Many nominations in one file: read within bounds, previewed row by row, confirmed once."""
