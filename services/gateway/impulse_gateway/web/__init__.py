"""Pages and the JSON API, on FastAPI. No business rule: services decide, the gateway shows."""
