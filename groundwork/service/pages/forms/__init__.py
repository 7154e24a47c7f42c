"""Forms of the area, declared with owner, authority and end."""
