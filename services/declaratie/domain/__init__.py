"""Judging claims (WMO323): pure functions, no I/O."""
