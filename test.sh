#!/usr/bin/env bash
# Builds and runs the tests. Usage: ./test.sh [--full] [--asan]
#   --full  the long tests too (label "long")
#   --asan  under AddressSanitizer and UndefinedBehaviorSanitizer
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
source "$here/scripts/setup.sh"

preset=release
target=all
more_packages=("${test_packages[@]}")
select=(--label-exclude long)
for option in "$@"; do
  case $option in
    --full) select=() ;;
    --asan)
      preset=asan target=ridgeline_tests
      more_packages=("${sanitizer_packages[@]}")
      ;;
    *) fail "unknown option '$option'; usage: ./test.sh [--full] [--asan]" ;;
  esac
done
ensure_packages "${build_packages[@]}" "${more_packages[@]}"
build "$preset" "$target"
ctest --test-dir "$here/build/$preset" --output-on-failure --schedule-random \
  --parallel "$(nproc)" "${select[@]}" </dev/null
