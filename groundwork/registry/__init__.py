"""Places, bodies, people, memberships, imports."""
