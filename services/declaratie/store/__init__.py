"""SQL of declaratie, as named functions on a transaction."""
