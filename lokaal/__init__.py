"""The whole chain on one machine: Kafka, Postgres, every service, an issuer, a mail catcher, a demo."""
