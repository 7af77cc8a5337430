"""The month: attested, checked, locked, and corrected by two."""
