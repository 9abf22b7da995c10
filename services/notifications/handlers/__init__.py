"""One function per event or command. They only queue: sending is `verzending` and `bellen`."""
