"""The ESF project itself: waves, quotas, nominations and the places they lead to.

A district nominates a person in a wave (`actions.nominate`), which opens a case
of the kind in `kind`; the case engine decides. When the case is approved, the
quota is locked and the person is offered a place or put on the reserve list
(`actions.places`). What a programme is made of (`data/programme.json`) is data
with a date and a decision, loaded by `setup` and edited on pages.
"""
