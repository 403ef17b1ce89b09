"""End to end: all services as processes; whoever runs one of these tests runs all of them."""
