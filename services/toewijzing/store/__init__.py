"""SQL van toewijzing: functies met een naam, die een transactie meekrijgen."""
