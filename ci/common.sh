# Sourced by the scripts of this directory: strict mode, the repository's root, shared helpers.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# say TEXT: one line that tells the reader of a CI log which part begins.
say() { printf '== %s\n' "$*"; }

# die TEXT: what went wrong, on stderr; exit code 1.
die() {
  printf '%s\n' "$*" >&2
  exit 1
}

# project_files GLOB...: the repository's own files that match, one a line, without what is ignored.
# Works in an unpacked archive and in a checkout of another user's too.
project_files() {
  local globs=() glob
  if git -c safe.directory='*' rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    git -c safe.directory='*' -c core.quotePath=off ls-files --cached --others --exclude-standard \
      --deduplicate -- "$@" |
      while IFS= read -r file; do [[ ! -f $file ]] || printf '%s\n' "$file"; done
    return
  fi
  for glob in "$@"; do globs+=(-o -name "${glob##*/}"); done
  find . -path ./build -prune -o -path ./.git -prune -o -name node_modules -prune -o \
    -type f \( "${globs[@]:1}" \) -print |
    sed 's|^\./||' | sort
}

# versioned NAME VERSION: NAME-VERSION, as Debian 12 has it, where there is one; else NAME.
versioned() {
  if command -v "$1-$2" >/dev/null; then echo "$1-$2"; else echo "$1"; fi
}

# configure PRESET [ARGUMENT...]: quietly, and through ccache when there is one.
configure() {
  local launcher=()
  if command -v ccache >/dev/null; then launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache); fi
  cmake --preset "$1" --log-level=WARNING "${launcher[@]}" "${@:2}"
}
