"""Live: streams and their broadcast, recordings, who is watching."""
