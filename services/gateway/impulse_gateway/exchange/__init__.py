"""What the gateway adds to the command `impulse`."""
