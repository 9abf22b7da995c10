"""What a notification says, to whom it goes, when, and when it is tried again. No I/O."""
