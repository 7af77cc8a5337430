"""Who gets a seat at what is open to more than a group: shares, the waiting list, offers.

A seat plan says how an occasion is filled. A registration is one person's row through all
its states; whoever holds a seat has an invitation, so calendar, reminders, meeting and
attendance work as for a group.
"""
