"""Pure rules of access: who gives which role, how long a slip and a session live, when to write."""
