"""`python -m impulse_registry [migrate]`: runs the service, or only its migrations."""

from impulse_registry.app import service

service.main()
