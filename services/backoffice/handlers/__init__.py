"""What backoffice does with an event, and with a question of a person."""
