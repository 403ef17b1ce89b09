"""The tables of the registry and every query on them; rows are what migrations made."""
