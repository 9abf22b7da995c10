"""notifications: tells each person what to act on, once, by the channel that was chosen."""
