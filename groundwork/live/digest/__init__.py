"""From the minutes of an evening to its figures: counted once, then the minutes are gone."""
