"""Guests from outside at dissemination events, and whether enough events are held (R-170 to R-172).

Guests have no account and are nobody's participant: no hours, no file to Statistics Sweden,
no indicator. They are counted by municipality, and their names are erased afterwards.
"""
