"""`python -m impulse_matching` runs the service; `migrate` as argument only its migrations."""

from impulse_matching.app import main

main()
