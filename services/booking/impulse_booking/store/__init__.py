"""The tables of booking and every query on them; rows are what migrations made."""
