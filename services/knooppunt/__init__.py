"""knooppunt: the edge of the chain, where iWmo messages come in and go out."""
