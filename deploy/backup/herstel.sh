#!/bin/sh
# A data folder from the newest copy before an instant, with the WAL up to that instant:
#   herstel.sh MAP DATAMAP [INSTANT]      INSTANT as 2026-03-10T10:00:00+01:00; without it: everything there is
# Start Postgres on DATAMAP afterwards; it replays, and takes queries when it is there. Then follow docs/runbook.md:
# forgotten clients are forgotten again, and every service sends its events once more.
set -eu
map=${1:?"gebruik: herstel.sh MAP DATAMAP [TIJDSTIP]"} data=${2:?"gebruik: herstel.sh MAP DATAMAP [TIJDSTIP]"}
moment=${3:-}
[ -e "$data/PG_VERSION" ] && { echo "er staat al een database in de doelmap" >&2; exit 1; }
grens=99999999T999999Z
[ -z "$moment" ] || grens=$(date -u -d "$moment" +%Y%m%dT%H%M%SZ)
basis=
for een in "$map"/basis-*Z; do
  naam=${een##*/basis-}
  # Names sort as instants do.
  if [ "$(printf '%s\n%s\n' "$naam" "$grens" | sort | head -n 1)" = "$naam" ]; then basis=$een; fi
done
[ -n "$basis" ] || { echo "geen kopie van voor dat tijdstip" >&2; exit 1; }
mkdir -p "$data"
chmod 700 "$data"
cp -a "$basis/." "$data/"
rm -f "$data/postmaster.pid"
wal=$(cd "$map/wal" && pwd)
{
  # The last piece is still being written; it ends in .partial.
  echo "restore_command = 'cp \"$wal/%f\" \"%p\" 2>/dev/null || cp \"$wal/%f.partial\" \"%p\"'"
  if [ -n "$moment" ]; then
    echo "recovery_target_time = '$moment'"
    echo "recovery_target_action = promote"
  fi
} >> "$data/postgresql.auto.conf"
touch "$data/recovery.signal"
echo "$basis"
