#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Two processes train to the same weights, to the last bit, as one. Arguments: mpirun, orreryctl.
set -e
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
echo 1..1
train="agent train --steps 3 --batch 16 --threads 1 --seed 3 --progress none"
"$2" $train --out "$folder/one" >&2
OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 \
  "$1" --oversubscribe -n 2 "$2" $train --out "$folder/two" > "$folder/said"
cmp "$folder/one.weights" "$folder/two.weights"
# Only one of them speaks.
[ "$(grep -c examples "$folder/said")" = 1 ]
echo ok 1 /ranks/two-as-one
