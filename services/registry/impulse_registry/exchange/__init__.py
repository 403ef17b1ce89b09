"""Organisations, offers and needs as files: in from tables of partners, out for everybody."""
