"""Wat declaratie doet: een functie per gebeurtenis."""
