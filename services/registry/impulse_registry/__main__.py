"""`python -m impulse_registry`: runs the registry."""

from impulse_registry.app import main

main()
