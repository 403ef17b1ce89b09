"""Notifications: turns facts into messages to people, and sends each of them once."""
