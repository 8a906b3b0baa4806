#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# test-launchers.sh ORRERYCTL: a sweep under mpirun with several ranks, one of which is killed, and as the
# shards of a job array. Prints TAP; skips what needs mpirun where that is missing.
set -u
ctl=$(readlink -f "$1")
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
count=0
failed=0

tell () { # tell STATUS NAME
  count=$((count + 1))
  if [ "$1" = 0 ]; then echo "ok $count $2"; else echo "not ok $count $2"; failed=1; fi
}

skip () { count=$((count + 1)); echo "ok $count $1 # SKIP $2"; }

networks () { find "$1" -name '*.orrery' | wc -l; }

# Long enough to be caught at work, short enough for a test.
cat > spec.json << 'EOF'
{"presets": ["two", "three"], "hidden": 12, "noise_dim": 4, "seeds": [0, 1, 2],
 "options": {"length": 10, "sequences": 300, "batch": 100, "epochs": 60}}
EOF
sweep=(sweep spec.json --jobs 1 --threads 1 --progress none)

echo "1..4"

# Shards, as in a job array: each takes its own networks, and together they are all.
for i in 0 1 2; do
  "$ctl" "${sweep[@]}" --out shards --shard $i/3 > "shard-$i.txt" 2>&1
done
[ "$(networks shards)" = 6 ] && grep -q "2 of 6" shard-0.txt && grep -q "6 of 6" shard-2.txt
tell $? "three shards train six networks"

if ! command -v mpirun > /dev/null; then
  skip "ranks share the networks" "mpirun is not installed"
  skip "a killed rank neither stops the others nor loses its network" "mpirun is not installed"
  skip "ranks and shards give the same networks" "mpirun is not installed"
  exit $failed
fi
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
run=(timeout 240 mpirun --oversubscribe)

"${run[@]}" -n 3 "$ctl" "${sweep[@]}" --out ranks > ranks.txt 2>&1 &&
  [ "$(networks ranks)" = 6 ] && [ -z "$(find ranks -name '*.lock' -o -name '*.checkpoint')" ]
tell $? "ranks share the networks"

# Each rank says which process it is; the second one is killed as soon as the work has begun.
# shellcheck disable=SC2016 # expanded by the inner shell
"${run[@]}" --enable-recovery -n 3 bash -c 'echo $$ > "rank-$OMPI_COMM_WORLD_RANK.pid"; exec "$@"' rank \
  "$ctl" "${sweep[@]}" --out killed > killed.txt 2>&1 &
launcher=$!
for _ in $(seq 600); do
  [ -s rank-1.pid ] && [ -n "$(find killed -name '*.lock' 2> /dev/null)" ] && break
  sleep 0.1
done
kill -9 "$(cat rank-1.pid)"
# With --enable-recovery Open MPI's launcher may stay when both other ranks have ended: the work counts.
for _ in $(seq 1200); do
  kill -0 $launcher 2> /dev/null || break
  [ "$(grep -c "6 of 6" killed.txt)" = 2 ] && break
  sleep 0.1
done
kill $launcher 2> /dev/null
wait $launcher
[ "$(networks killed)" = 6 ] && grep -q "6 of 6" killed.txt
tell $? "a killed rank neither stops the others nor loses its network"

# Of each row of the summary what does not depend on how long it took.
strip () { python3 -c '
import csv, sys
for row in csv.DictReader(open(sys.argv[1])):
    print([value for name, value in sorted(row.items()) if "seconds" not in name and "thread" not in name])
' "$1/summary.csv"; }
diff <(strip shards) <(strip ranks) && diff <(strip shards) <(strip killed)
tell $? "ranks and shards give the same networks"
exit $failed
