"""The registry: actors, their offers and needs (listings), and people."""
