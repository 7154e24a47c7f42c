"""Types for the parts of django-treebeard that we use."""
