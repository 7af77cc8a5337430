"""Messages that staff word and send: texts, drafts to many, rules by the clock, quiet hours."""
