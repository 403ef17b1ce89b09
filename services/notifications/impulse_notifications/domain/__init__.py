"""What notifications decides: pure functions over frozen states."""
