"""What the project promises to be fast, measured: ``make bench``.

Each benchmark runs on a scratch database of its own and prints one line of
JSON. A ratio is always taken in the same run, in alternating rounds, so a
busy machine slows both sides.
"""
