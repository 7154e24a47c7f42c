"""Types for the models of django-treebeard: the base classes live in mp_tree."""
