"""What declaratie does: one function per event."""
