"""Wat toewijzing doet: een functie per gebeurtenis of opdracht."""
