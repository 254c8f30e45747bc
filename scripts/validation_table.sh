#!/usr/bin/env bash
# Keeps the validation tables of docs/model.md equal to what the program prints.
# Usage: scripts/validation_table.sh [--check]
#   without options  replaces what stands between the markers
#   --check          changes nothing; fails if that would change the file
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
program=${RIDGELINE:-$here/build/release/ridgeline}
document=$here/docs/model.md
begin='<!-- begin: ridgeline reproduce all --format md -->'
end='<!-- end: ridgeline reproduce all --format md -->'

fail() { echo "validation_table.sh: $*" >&2; exit 1; }

case ${1:-} in
  '' | --check) ;;
  *) fail "unknown option '$1'; usage: scripts/validation_table.sh [--check]" ;;
esac
[[ -x $program ]] || fail "$program is not built"
for marker in "$begin" "$end"; do
  [[ $(grep -cFx -- "$marker" "$document") == 1 ]] || fail "$document needs one line '$marker'"
done

tables=$(mktemp) updated=$(mktemp)
trap 'rm -f "$tables" "$updated"' EXIT
"$program" reproduce all --format md >"$tables" || fail "a reproduction misses its tolerance"
awk -v begin="$begin" -v end="$end" -v tables="$tables" '
  $0 == end { inside = 0 }
  !inside { print }
  $0 == begin { inside = 1; print ""; while ((getline line < tables) > 0) print line; print "" }
' "$document" >"$updated"

if cmp -s "$updated" "$document"; then
  exit 0
elif [[ ${1:-} == --check ]]; then
  diff -u "$document" "$updated" >&2 || true
  fail "docs/model.md is not what the program prints; run scripts/validation_table.sh"
fi
cat "$updated" >"$document"
