"""What the gate reads in a file before it is let out."""
