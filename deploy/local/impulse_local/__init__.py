"""The local stack: embedded Kafka and PostgreSQL, a mail sink and a supervisor of the services."""
