"""SQL of backoffice: the read model, the work list and the access log."""
