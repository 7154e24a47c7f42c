"""The problem ledger: one matter whatever the door, solved when its raiser says so."""
