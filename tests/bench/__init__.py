"""`python -m tests.bench [--only PART]`: measures, prints a table, writes bench/results.json."""
