"""The gateway: web pages and a JSON API. Thin: requests become commands, facts become pages."""
