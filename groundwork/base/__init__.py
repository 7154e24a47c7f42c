"""Kernel: clock, ids, errors, numbers, working days, trail, outbox, search. Knows no area."""
