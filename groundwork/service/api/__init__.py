"""Other programs' door to visits, contact points and rounds."""
