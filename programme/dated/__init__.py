"""Everything that holds from a day on: settings, rates, rules for hours, completion, plans.

A value is a row with a day and the decision behind it. What has begun to hold is never
changed; another value from a later day is added. What is to come can be taken back.
"""
