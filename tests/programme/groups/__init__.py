"""Courses, groups, placing and waves."""
