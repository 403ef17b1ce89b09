"""What somebody agrees to here."""

TEXT_VERSION = "2026-11"
"""The version of the texts that /me shows; a new one where their meaning changes."""
