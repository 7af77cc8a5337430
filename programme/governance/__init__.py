"""Who leads and advises the project: bodies, seats, meetings and the register of decisions.

Bodies are told by role and organisation, never by name. A meeting is called with an
agenda, held with its attendance, and what it decides is entered in the register, where a
decision is followed up and never edited in silence.
"""
