"""backoffice: the read model of the whole chain, and the pages on which a municipality follows it."""
