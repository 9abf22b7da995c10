"""What an event means for a person of the municipality: pure functions, stdlib only."""
