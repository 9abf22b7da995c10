"""toewijzing: contracten, toewijzingen en levering (start/stop) van een gemeente."""
