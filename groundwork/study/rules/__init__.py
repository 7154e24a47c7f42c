"""Pure rules of Tuesday night: one file per subject. No Django, no I/O, no `now()`."""
