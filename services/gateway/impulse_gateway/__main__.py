"""`python -m impulse_gateway [migrate]`: runs the service, or only its migrations."""

from impulse_gateway.app import service

service.main()
