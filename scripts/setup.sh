# Set-up that run.sh, test.sh and .ci/run share: packages and builds. Sourced by bash, with
# `set -euo pipefail` in force.
#
# RIDGELINE_WERROR=ON in the environment configures with warnings as errors; a build folder keeps
# the setting until it is asked for the other one, so that the scripts do not undo each other.

project=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)

# Everything that a build needs, tests included, as Debian packages.
build_packages=(g++ cmake ninja-build libsystemc-dev libboost-program-options-dev
  nlohmann-json3-dev libfmt-dev libpng-dev libyaml-cpp-dev libsqlite3-dev libonnx-dev libprotobuf-dev
  protobuf-compiler libjs-chart.js python3 catch2 libonnx-testdata)

# What tests of the built program need beside it: a browser for HTML reports, gnuplot for figures, what
# runs the shards of sweeps elsewhere.
test_packages=(chromium fonts-dejavu-core gnuplot-nox slurm-wlm munge parallel)

# What the builds with sanitizers need beside it.
sanitizer_packages=(clang libclang-rt-dev)

fail() {
  printf '%s: %s\n' "$(basename -- "$0")" "$1" >&2
  exit 2
}

# Runs a command, silently if it succeeds: its output appears when it fails.
quietly() {
  local log status=0
  log=$(mktemp)
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [ "$status" -ne 0 ]; then cat -- "$log" >&2; fi
  rm -f -- "$log"
  return "$status"
}

# Prints those of the packages "$@" that are not installed.
missing_packages() {
  local installed package
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true)
  for package in "$@"; do
    if ! grep -qxF "installed $package" <<<"$installed"; then printf '%s\n' "$package"; fi
  done
}

# Installs those of the packages "$@" that are missing.
ensure_packages() {
  local missing as_root=()
  command -v dpkg-query >/dev/null || fail "this script installs Debian packages; on another system \
install $* by hand and use cmake --preset release"
  mapfile -t missing < <(missing_packages "$@")
  if [ "${#missing[@]}" -eq 0 ]; then return; fi
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "these packages are missing, and installing them needs root \
or sudo: ${missing[*]}"
    as_root=(sudo)
  fi
  printf 'installing %s\n' "${missing[*]}" >&2
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y
    -o DPkg::Lock::Timeout=300)
  quietly "${apt[@]}" update || printf 'apt-get update failed; trying what is known\n' >&2
  quietly "${apt[@]}" install --no-install-recommends "${missing[@]}" ||
    fail "apt-get could not install ${missing[*]}"
}

# configure PRESET: makes build/PRESET ready for ninja, if it is not.
configure() {
  local folder="$project/build/$1" cache="$project/build/$1/CMakeCache.txt"
  local options=(-DCMAKE_UNITY_BUILD=ON)  # a whole build takes half the time
  if [ -f "$cache" ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$project" "$cache"; then
    rm -rf -- "$folder"  # the project has been moved
  fi
  if [ -n "${RIDGELINE_WERROR:-}" ]; then
    options+=("-DRIDGELINE_WERROR=$RIDGELINE_WERROR")
    if [ -f "$cache" ] && ! grep -qxF "RIDGELINE_WERROR:BOOL=$RIDGELINE_WERROR" "$cache"; then
      rm -f -- "$folder/build.ninja"
    fi
  fi
  if [ -f "$folder/build.ninja" ]; then return; fi
  (cd -- "$project" && quietly cmake --preset "$1" "${options[@]}") ||
    fail "cmake could not configure the preset $1"
}

# build PRESET TARGET: brings a target up to date; one build at a time in a folder.
build() {
  local folder="$project/build/$1"
  mkdir -p -- "$folder"
  {
    flock 9
    configure "$1"
    if [ ! -f "$folder/.ninja_log" ]; then
      printf 'building %s (%s); the first time takes minutes\n' "$2" "$1" >&2
    fi
    quietly ninja -C "$folder" "$2" || fail "the build of $2 failed"
  } 9>"$folder/.lock"
}
