#!/bin/sh
# Run once by the database's image when its volume is new: the login that serve and follow use. It owns nothing;
# what it may do comes from the two groups, which `ledger migrate` fills with rights.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$(cat /run/secrets/app_password)" \
  --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
create role ledger_service nologin;
create role ledger_follower nologin;
create role ledger_app login password :'password' in role ledger_service, ledger_follower;
revoke all on database ledger from public;
grant connect on database ledger to ledger_app;
SQL
