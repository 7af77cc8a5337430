"""Pages of procurements for those who run them."""
