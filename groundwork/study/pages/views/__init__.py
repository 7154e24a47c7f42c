"""What the pages of the area do: one file per subject."""
