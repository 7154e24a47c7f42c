"""Facts of the ledger that areas above may listen to; sent inside the writing transaction."""

from django.dispatch import Signal

# matter, at: what a number could count it by, or whether it counts, is another from now on
counted = Signal()
moved = Signal()  # matter, verb, before (its state then), step, by (Actor), at
