"""What the commands of operators share, those of services too."""

import os
import sys


def server_of(service: str) -> str:
    """The URL of the server with a service's database; ends the process where none is named."""
    url = os.environ.get(f"IMPULSE_{service.upper()}_DATABASE_URL") or os.environ.get(
        "IMPULSE_DATABASE_URL"
    )
    if not url:
        sys.exit("IMPULSE_DATABASE_URL is not set: the PostgreSQL server of the services")
    return url
