"""Pure rules of the directories: one module per subject."""
