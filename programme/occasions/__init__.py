"""What is dated: planning, checking, inviting, moving and cancelling, and calendar files."""
