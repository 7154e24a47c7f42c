"""What people say back: home community, calls, marks, drives, surveys."""
