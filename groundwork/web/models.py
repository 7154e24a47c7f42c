"""The design system keeps no table: how long forms took stands in `base`."""
