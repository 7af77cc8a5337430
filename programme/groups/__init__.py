"""Courses, groups and who takes part in them.

A course is a template: its learning units become a group's occasions in one go. An accepted
place becomes a participation; a participation has memberships in groups, one at a time.
"""
