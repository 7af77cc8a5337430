"""From times present to minutes: pure rules, dated rule sets, an explanation of every minute."""
