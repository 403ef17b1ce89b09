"""What matching adds to the command `impulse`."""
