"""The demo's whole story: eighteen months of groups, occasions, attendance, hours and months.

`plan` draws what happens, from fixed seeds and without the database; the other modules
lay it as rows up to a given day: what lies before has happened, what lies after is
planned. `planted` adds a few errors that an auditor can look for (docs/demo.md).

Imported by the command `manage.py demo` and by nothing else.
"""
