"""Booking: cooperations, from the moment both sides accept a proposal."""
