"""Oordelen over declaraties (WMO323): zuivere functies, geen I/O."""
