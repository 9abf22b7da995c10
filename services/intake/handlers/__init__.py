"""Wat intake doet."""
