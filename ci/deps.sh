#!/usr/bin/env bash
# Installs the Debian packages that the project needs, and the packages of npm that tests read
# reports with. Without a network when nothing is missing.
#   ci/deps.sh               everything: build, tests, checks, benchmark
#   ci/deps.sh --build-only  what a build of the program needs
#   ci/deps.sh --bench       what ci/bench.sh needs
source "$(dirname "$0")/common.sh"

build=(g++ cmake ninja-build pkg-config libasio-dev nlohmann-json3-dev libcli11-dev libfmt-dev
  libre2-dev libssl-dev)
bench=(python3 strace valgrind)
test=(ccache libgtest-dev libgmock-dev libxml2-utils clang-format clang-tidy shellcheck redis-server
  nginx-light memcached openssl iproute2 nftables procps cmark-gfm python3-junitparser
  ruby-activesupport)

# Into build/readers, as ci/readers/package-lock.json has them. Debian 12's Node.js is too old for
# them: where there is no newer one, their tests are skipped.
install_readers() {
  local major=0 to=build/readers
  if command -v npm >/dev/null; then major=$(node -p 'process.versions.node.split(".")[0]'); fi
  if ((major < 20)); then
    say "without npm and Node.js 20: tests that need packages of npm will be skipped"
    return
  fi
  if cmp -s ci/readers/package-lock.json "$to/installed-lock.json"; then return; fi
  say "installing readers of reports from npm"
  mkdir -p "$to"
  cp ci/readers/package.json ci/readers/package-lock.json "$to"
  if ! npm ci --prefix "$to" --ignore-scripts --no-audit --no-fund; then
    rm -rf "$to/node_modules"
    say "npm cannot install them: their tests will be skipped"
    return
  fi
  cp ci/readers/package-lock.json "$to/installed-lock.json"
}

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
if [[ -z ${1:-} ]]; then install_readers; fi
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
