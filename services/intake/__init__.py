"""intake: de ingang van de keten; eigenaar van de persoon en van indicaties."""
