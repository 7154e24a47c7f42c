"""Facts of the ledger that areas above may listen to; sent inside the writing transaction."""

from django.dispatch import Signal

moved = Signal()  # matter, verb, before (its state then), step, by (Actor), at
