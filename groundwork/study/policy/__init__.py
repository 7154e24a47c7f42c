"""Who may see or do what with evenings and rolls: one file per subject."""
