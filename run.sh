#!/usr/bin/env bash
# Without arguments, the main job: SqueezeNet v1.0 and SqueezeNext 1.0-SqNxt-23v5 in int8 on the
# 16x16 Squeezelerator, every layer checked, reports under out/. With arguments: ridgeline ARGS...
# Installs the Debian packages that are missing and builds what is out of date.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
source "$here/scripts/setup.sh"

ensure_packages "${build_packages[@]}"
build release ridgeline
if [ "$#" -eq 0 ]; then
  set -- run --arch squeezelerator_16x16 --precision int8 --out "$here/out" \
    --network squeezenet_v1.0 --network squeezenext_1.0_23v5
fi
exec "$here/build/release/ridgeline" "$@"
