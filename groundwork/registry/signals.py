"""Facts of the directory that areas above may listen to; sent inside the writing transaction.

Every signal carries `by` (Actor) and `at` (datetime) beside what its line says.
"""

from django.dispatch import Signal

handed_over = Signal()  # person, successor: everything open goes to the successor
merged = Signal()  # person (the duplicate), into (the one that stays)
moved = Signal()  # people: their unit is another one now, by an act or a sheet
left = Signal()  # person: retired or moved away; roles end
