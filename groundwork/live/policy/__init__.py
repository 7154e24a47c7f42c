"""Who may watch, host and look into a stream."""
