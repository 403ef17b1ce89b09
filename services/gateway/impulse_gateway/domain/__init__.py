"""Pure decisions of the gateway: what is told about a fact, who may see and do what."""
