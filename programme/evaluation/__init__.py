"""The external evaluation: its reports, and what is done about what it recommends."""
