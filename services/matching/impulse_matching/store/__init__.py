"""The tables of matching and every query on them; rows are what migrations made."""
