"""Documents: versions, the gate they pass before they are public, and how they are handed out."""
