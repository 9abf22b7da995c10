"""Pure rules of the toewijzing; the standard library only."""
