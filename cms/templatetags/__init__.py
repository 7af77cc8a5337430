"""Words for templates of documents."""
