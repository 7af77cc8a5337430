"""Registers that staff define and keep themselves (R-173, R-180, R-197, R-198, R-202, R-245).

A register asks what a published form asks, so a new one is made without a programmer::

    form version ─▶ entry ─▶ frozen version ─▶ comparison
    (forms_app)     every state is kept        two versions, or a version and now
"""
