"""What the portal holds about one person, for that person (articles 15 and 20 of the GDPR).

Every tracked table that points at a person is read, so a new table is part of the answer
from the day it is made. Numbers come masked, and what belongs to other people does not come.
"""
