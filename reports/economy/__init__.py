"""Co-financing: what was planned, what participants' hours have earned, and where it leads.

The one picture: the even pace of the plan, the hours counted so far, and from there the
hours that the planned occasions give if people come as they have come.
"""
