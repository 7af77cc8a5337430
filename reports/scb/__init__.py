"""The monthly file to Statistics Sweden: made, sent with a receipt, and sent again after a correction."""
