"""Every number the city publishes: declared once, counted from records, opened onto them."""
