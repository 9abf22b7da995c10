"""The provider's side of the chain: a reference client and command line."""
