"""The register of employees: who works where, read from a list and held against what is known."""
