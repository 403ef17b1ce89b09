"""`python -m impulse_booking [migrate]`: runs the service, or only its migrations."""

from impulse_booking.app import service

service.main()
