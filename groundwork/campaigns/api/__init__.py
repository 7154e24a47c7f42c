"""The area's JSON: what is everybody's of the television inquiry."""
