#!/usr/bin/env bash
# Installs the Debian packages that the project needs. Without a network when nothing is missing.
#   ci/deps.sh               everything: build, tests, checks, benchmark
#   ci/deps.sh --build-only  what a build of the program needs
#   ci/deps.sh --bench       what ci/bench.sh needs
source "$(dirname "$0")/common.sh"

build=(g++ cmake ninja-build pkg-config libasio-dev nlohmann-json3-dev libcli11-dev libfmt-dev
  libre2-dev libssl-dev)
bench=(python3 strace valgrind)
test=(ccache libgtest-dev libgmock-dev libxml2-utils clang-format clang-tidy shellcheck redis-server
  nginx-light memcached openssl iproute2 nftables procps)

case "${1:-}" in
  '') wanted=("${build[@]}" "${bench[@]}" "${test[@]}") ;;
  --build-only) wanted=("${build[@]}") ;;
  --bench) wanted=("${build[@]}" "${bench[@]}") ;;
  *) die "usage: ci/deps.sh [--build-only | --bench]" ;;
esac

command -v dpkg-query >/dev/null ||
  die "ci/deps.sh installs Debian packages; elsewhere, install what it lists by hand: ${wanted[*]}"

# dpkg-query exits 1 for a package it has never heard of, which is an answer and not an error.
installed=$(dpkg-query --show --showformat '${Package} ${db:Status-Status}\n' "${wanted[@]}" \
  2>/dev/null || true)
missing=()
for package in "${wanted[@]}"; do
  grep -qxF "$package installed" <<<"$installed" || missing+=("$package")
done
if ((${#missing[@]} == 0)); then exit 0; fi

say "installing ${missing[*]}"
as_root=(env)
if ((EUID != 0)); then
  command -v sudo >/dev/null || die "run ci/deps.sh as root, or install sudo"
  as_root=(sudo env)
fi
apt=("${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120)
"${apt[@]}" update
"${apt[@]}" install --no-install-recommends "${missing[@]}"
