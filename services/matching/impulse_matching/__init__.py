"""Matching: which needs and offers fit, why, and what both sides say to it."""
