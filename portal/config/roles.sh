#!/bin/sh
# The roles of the database, made once by the owner when the database is made (docker-compose.yml mounts this where
# the image looks), or by hand: PGUSER=… PGDATABASE=… sh portal/config/roles.sh. What each may do: `manage.py fence`.
set -eu
user=${POSTGRES_USER:-${PGUSER:?the owner of the database}}
base=${POSTGRES_DB:-${PGDATABASE:?the database}}
folder=${SECRETS:-/run/secrets}
psql --set ON_ERROR_STOP=1 --no-psqlrc --quiet --username "$user" --dbname "$base" \
    --set web="$(cat "$folder/database-web-password")" --set worker="$(cat "$folder/database-worker-password")" <<'SQL'
CREATE ROLE lodestone_web LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'web';
CREATE ROLE lodestone_worker LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS PASSWORD :'worker';
SQL
