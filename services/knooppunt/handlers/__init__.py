"""What knooppunt does on a message, an event or the clock; one function each."""
