"""Absences from the register of employees, held against the hours that are counted."""
