"""The rules of matching: pure, without clock or I/O."""
