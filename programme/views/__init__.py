"""Pages of this room: thin adapters that translate between addresses, forms and actions."""
