#!/bin/sh
# A full copy of a running Postgres, and from then on its WAL, in one folder:
#   basis.sh DSN MAP          the copy (MAP/basis-<instant>), while everything goes on
#   basis.sh --wal DSN MAP    receives the WAL (MAP/wal) as it is written, until it is stopped
# The role of the DSN needs REPLICATION. What is lost when the server is gone for good: what the receiver had not got.
set -eu
if [ "${1:-}" = --wal ]; then
  dsn=$2 map=$3
  mkdir -p "$map/wal"
  # A slot keeps the server from throwing away what was not received yet.
  pg_receivewal --dbname "$dsn" --directory "$map/wal" --slot zorgketen_backup --create-slot --if-not-exists
  exec pg_receivewal --dbname "$dsn" --directory "$map/wal" --slot zorgketen_backup --synchronous --no-password
fi
dsn=${1:?"gebruik: basis.sh [--wal] DSN MAP"} map=${2:?"gebruik: basis.sh [--wal] DSN MAP"}
doel="$map/basis-$(date -u +%Y%m%dT%H%M%SZ)"
mkdir -p "$map"
pg_basebackup --dbname "$dsn" --pgdata "$doel.half" --checkpoint fast --wal-method none --no-password
# Only a copy that is whole gets its name.
mv "$doel.half" "$doel"
echo "$doel"
