"""De processen van de keten: elke map is een eigen proces met een eigen Postgres-schema."""
