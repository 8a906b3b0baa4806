#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs one fuzzer: fuzz.sh BUILD-FOLDER TARGET [SECONDS [LIBFUZZER-OPTION...]]
#
# Without SECONDS the fixed few thousand runs of the tests, always the same ones;
# with it a search by hand, whose finds stay in BUILD-FOLDER/found-TARGET.
set -u
build=$1 target=$2
here=$(dirname "$0")
fuzzer=$build/orr-fuzz
[ -x "$fuzzer" ] || { echo "$fuzzer is not built (clang with libFuzzer: ninja -C build fuzzers)"; exit 77; }

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
"$build/make-seeds" "$work/seeds" "$here/../io/data/networks" || exit 1
mkdir -p "$work/new" "$work/seeds/$target"
[ "$target" = torch ] && cp "$here"/../io/data/networks/* "$work/seeds/torch/"

export ORR_FUZZ_TARGET="$target" G_DEBUG=fatal-criticals
export LSAN_OPTIONS="suppressions=$here/lsan.supp:print_suppressions=0"
export ASAN_OPTIONS="allocator_may_return_null=1:${ASAN_OPTIONS:-}" UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1"
if [ $# -ge 3 ]; then
  seconds=$3
  shift 3
  found=$build/found-$target
  mkdir -p "$found"
  "$fuzzer" -error_exitcode=1 -max_total_time="$seconds" -rss_limit_mb=2500 -timeout=20 -artifact_prefix="$found/" -print_final_stats=1 \
    "$@" "$found" "$work/seeds/$target"
else
  "$fuzzer" -error_exitcode=1 -runs=4000 -seed=1 -max_total_time=10 -rss_limit_mb=2500 -timeout=20 -artifact_prefix="$work/" -verbosity=0 \
    "$work/new" "$work/seeds/$target"
fi
