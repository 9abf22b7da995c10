"""The SQL of knooppunt; every function takes the transaction it works in."""
