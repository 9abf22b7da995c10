"""OP090x4: the 325 within 10 working days after receipt of the 323."""

from __future__ import annotations

ANTWOORD_DECLARATIE = "antwoord_declaratie"
GEMEENTE = "gemeente"
LOOPT, NADERT, VERSTREKEN = "loopt", "nadert", "verstreken"
WERKDAGEN = 10
NADERT_WERKDAGEN = 2
"""So many working days before the last day somebody is warned: what stands still must be found and mended."""
