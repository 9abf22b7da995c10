"""SQL van intake."""
