"""What must hold for streams, media and keys; a file per subject."""
