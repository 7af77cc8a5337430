"""Messages from outside: taken in, told to the staff, answered, erased."""
