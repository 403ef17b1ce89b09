"""`python -m impulse_matching [migrate]`: runs the service, or only its migrations."""

from impulse_matching.app import service

service.main()
