"""Wat intake aanneemt, publiceert en van toewijzing leest."""
