"""Other programs' door to orders, gates, shifts and the own posts."""
