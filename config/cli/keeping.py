"""Commands that keep the city safe: backup, restore, trail."""
