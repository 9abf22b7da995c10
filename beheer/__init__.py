"""What an operator does: look, repair, move keys, forget. `python -m beheer --help`; every change has a `--dry-run`."""
