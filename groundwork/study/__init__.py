"""Tuesday night study: from plan to record."""
