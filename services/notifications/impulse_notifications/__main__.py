"""`python -m impulse_notifications [migrate]`: runs the service, or only its migrations."""

from impulse_notifications.app import service

service.main()
