"""Home, to-do, search, cards, registry pages, demo city: composes, owns no facts."""
