"""The gateway's tables and every query of it."""
