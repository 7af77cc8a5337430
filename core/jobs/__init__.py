"""Long work that people can follow: a row with a bar, a message and a way to stop.

The work says how far it has come (`work.Work`); the page reads the row (`views`).
"""
