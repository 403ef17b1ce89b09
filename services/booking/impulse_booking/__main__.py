"""`python -m impulse_booking`."""

from impulse_booking.app import main

main()
