"""`python -m impulse_gateway`."""

from impulse_gateway.app import main

main()
