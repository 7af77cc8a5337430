"""The package that a project is closed with (R-183): what was public, registers and the audit's trail."""
