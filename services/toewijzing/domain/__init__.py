"""Zuivere regels van de toewijzing; alleen de standaardbibliotheek."""
