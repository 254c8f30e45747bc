#!/usr/bin/env bash
# Makes first inputs of the ONNX fuzz target out of models in protobuf's text format:
# tests/fuzz/seeds/onnx/NAME.txtpb becomes tests/fuzz/corpus/onnx/NAME. Usage: scripts/fuzz_seeds.sh
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
source "$here/scripts/setup.sh"

ensure_packages libonnx-dev protobuf-compiler
for text in "$here"/tests/fuzz/seeds/onnx/*.txtpb; do
  seed="$here/tests/fuzz/corpus/onnx/$(basename -- "$text" .txtpb)"
  protoc --proto_path=/usr/include/onnx --encode=onnx.ModelProto onnx.proto <"$text" >"$seed.new"
  mv -- "$seed.new" "$seed"
done
