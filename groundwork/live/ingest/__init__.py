"""The process that takes pulses: granian RSGI, no Django, one store."""
