"""`python -m impulse_notifications` runs the service; `migrate` as argument its migrations only."""

from impulse_notifications.app import main

main()
