#!/usr/bin/env bash
# Builds the fuzz targets (libFuzzer, clang) and runs them side by side, each from its corpus in
# tests/fuzz/corpus. Usage: scripts/fuzz.sh SECONDS [TARGET...]
# What is found beyond the corpus stays in build/asan/fuzz/found/TARGET, inputs that fail in
# build/asan/fuzz/failed. Exit code 1 if one crashes, leaks, hangs or asks for more memory than it may.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
source "$here/scripts/setup.sh"

[[ ${1:-} =~ ^[0-9]+$ ]] || fail "usage: scripts/fuzz.sh SECONDS [TARGET...]"
seconds=$1
shift
ensure_packages "${build_packages[@]}" "${sanitizer_packages[@]}"
build asan fuzz_targets
folder="$here/build/asan/fuzz" programs="$here/build/asan/tests/fuzz"
if [ $# -eq 0 ]; then
  for source in "$here"/tests/fuzz/*_fuzz.cpp; do set -- "$@" "$(basename -- "$source" _fuzz.cpp)"; done
fi

# The bounds follow from the longest input: 8 KiB of PNG can hold 8.5 M pixels, 51 MB as values.
limits=(-max_len=8192 -malloc_limit_mb=64 -rss_limit_mb=512 -timeout=10)
declare -A running
mkdir -p -- "$folder/failed"
for name in "$@"; do
  [ -x "$programs/${name}_fuzz" ] || fail "there is no fuzz target '$name'"
  mkdir -p -- "$folder/found/$name" "$here/tests/fuzz/corpus/$name"
  "$programs/${name}_fuzz" "${limits[@]}" -max_total_time="$seconds" -print_final_stats=1 \
    -artifact_prefix="$folder/failed/$name-" "$folder/found/$name" \
    "$here/tests/fuzz/corpus/$name" >"$folder/$name.log" 2>&1 </dev/null &
  running[$name]=$!
done
status=0
for name in "$@"; do
  if wait "${running[$name]}"; then
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$folder/$name.log")
    printf '%-14s %9s inputs in %s s, nothing found\n' "$name" "$runs" "$seconds"
  else
    printf '%-14s FAILED, see %s\n' "$name" "$folder/$name.log" >&2
    tail -n 40 -- "$folder/$name.log" >&2
    status=1
  fi
done
exit "$status"
