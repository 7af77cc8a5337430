"""Who was there: lists, codes, meeting reports, and the evidence for each."""
