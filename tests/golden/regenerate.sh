#!/usr/bin/env bash
# Writes the golden reports anew, after a change that is meant to change them: look at the difference
# before it is committed. Usage: tests/golden/regenerate.sh [RIDGELINE]
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
ridgeline=${1:-$here/../../build/release/ridgeline}
cd -- "$here"
"$ridgeline" run --arch squeezelerator_8x8 --network small.json --format json >squeezelerator_8x8.json
"$ridgeline" run --arch eyeriss_v1 --network small.json --no-data --activation-density 0.5 --format json >eyeriss_v1.json
"$ridgeline" run --arch systolic_8x8 --network small.json --engine analytic --format json >systolic_8x8.json
