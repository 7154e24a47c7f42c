"""What a figure may be, and periods as people say them. No Django, no clock."""
