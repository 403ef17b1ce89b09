#!/bin/bash
# Runs once, when the volume is empty: a database and a role for each service, that no other role
# may enter. The password comes from IMPULSE_<SERVICE>_DATABASE_PASSWORD.
set -euo pipefail

for service in registry matching booking notifications gateway; do
  password=IMPULSE_${service^^}_DATABASE_PASSWORD
  # The password goes through the environment: arguments are seen by everybody on the machine.
  PASSWORD=${!password:?is not set} psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 \
    --username "$POSTGRES_USER" --dbname postgres --set name="impulse_$service" <<'SQL'
\getenv password PASSWORD
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
done
# Nor is there anything for them in the administrator's own.
psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  --command 'REVOKE ALL ON DATABASE postgres FROM PUBLIC'
