"""The monthly roll-up (R-077): who began, took part, completed and left, and hours against the plan."""
