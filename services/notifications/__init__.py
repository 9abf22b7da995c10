"""notifications: tells a municipality by e-mail what a person must act on."""
