"""What is kept about people."""

KINDS: tuple[object, ...] = ()
