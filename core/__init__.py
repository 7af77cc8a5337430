"""What every room may lean on: small pure helpers that know no room.

The condition language that forms and workflows share lives here, because those
two are neighbours and may not import each other; so do working days, public
references and the base classes of database rows.
"""
