"""Empty on purpose: the benchmark makes this app's tables itself, after everyone else's."""
