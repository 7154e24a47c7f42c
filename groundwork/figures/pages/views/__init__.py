"""The pages of figures, by what the reader is about."""
