#!/usr/bin/env bash
# Installs the packages that the project needs: of Debian, and of npm for some tests. Without a
# network when nothing is missing.
#   ci/deps.sh               everything: build, tests, checks, benchmark
#   ci/deps.sh --build-only  what a build of the program needs
#   ci/deps.sh --bench       what ci/bench.sh needs
#   ci/deps.sh --fuzz        what ci/fuzz.sh needs
#   ci/deps.sh --pack        what ci/package.sh --deb-only and --static need
#   ci/deps.sh --package     what ci/package.sh needs, and ci/templates_test.sh in full
source "$(dirname "$0")/common.sh"

build=(g++ cmake ninja-build pkg-config libasio-dev nlohmann-json3-dev libcli11-dev libfmt-dev
  libre2-dev libssl-dev)
bench=(python3 strace valgrind)
pack=(dpkg-dev file gzip binutils)
package=(lintian debootstrap pre-commit)
test=(ccache libgtest-dev libgmock-dev libxml2-utils clang-format clang-tidy shellcheck redis-server
  nginx-light memcached openssl iproute2 nftables procps chromium
  cmark-gfm python3-junitparser ruby-activesupport man-db mandoc zsh fish python3-yaml tshark
  slurmctld slurmd slurm-client munge parallel bazel-bootstrap)
# What tests take from npm; nothing of it ships.
node_packages=(ci/html ci/readers ci/templates)

case "${1:-}" in
  '') wanted=("${build[@]}" "${bench[@]}" "${test[@]}") ;;
  --build-only) wanted=("${build[@]}") node_packages=() ;;
  --bench) wanted=("${build[@]}" "${bench[@]}") node_packages=() ;;
  --fuzz) wanted=("${build[@]}" clang libclang-rt-dev) node_packages=() ;;
  --pack) wanted=("${build[@]}" "${pack[@]}") node_packages=() ;;
  --package) wanted=("${build[@]}" "${pack[@]}" "${package[@]}") node_packages=(ci/templates) ;;
  *) die "usage: ci/deps.sh [--build-only | --bench | --fuzz | --pack | --package]" ;;
esac

# install_node_packages: those that the lock files name, where they are not there yet. Debian 12's
# Node.js is too old for them: without a newer one, or without npm's registry, their tests are
# skipped.
install_node_packages() {
  local directory major=0
  if command -v npm >/dev/null; then major=$(node -p 'process.versions.node.split(".")[0]'); fi
  for directory in "${node_packages[@]}"; do
    if [[ $directory/node_modules/.package-lock.json -nt $directory/package-lock.json ]]; then
      continue
    fi
    if ((major < 20)); then
      say "no npm with Node.js 20: tests that need $directory will be skipped"
      continue
    fi
    say "installing the packages of $directory"
    npm ci --prefix "$directory" --ignore-scripts --no-audit --no-fund && continue
    rm -rf "$directory/node_modules"
    say "npm cannot install them: tests that need $directory will be skipped"
  done
}

command -v dpkg-query >/dev/null ||
  die "ci/deps.sh installs Debian packages; elsewhere, install what it lists by hand: ${wanted[*]}"

# dpkg-query exits 1 for a package it has never heard of, which is an answer and not an error.
installed=$(dpkg-query --show --showformat '${Package} ${db:Status-Status}\n' "${wanted[@]}" \
  2>/dev/null || true)
missing=()
for package in "${wanted[@]}"; do
  grep -qxF "$package installed" <<<"$installed" || missing+=("$package")
done
if ((${#missing[@]} == 0)); then
  install_node_packages
  exit 0
fi

say "installing ${missing[*]}"
as_root=(env)
if ((EUID != 0)); then
  command -v sudo >/dev/null || die "run ci/deps.sh as root, or install sudo"
  as_root=(sudo env)
fi
apt=("${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120)
"${apt[@]}" update
"${apt[@]}" install --no-install-recommends "${missing[@]}"
install_node_packages
