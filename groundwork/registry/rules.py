"""Pure rules of the directories."""
