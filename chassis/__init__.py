"""What every service stands on: settings, database, events, HTTP, logging, clock."""
