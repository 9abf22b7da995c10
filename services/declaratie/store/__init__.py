"""SQL van declaratie, als benoemde functies op een transactie."""
