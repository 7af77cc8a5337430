"""The demo's story: deterministic, consistent, and with one of each planted error."""
