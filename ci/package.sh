#!/usr/bin/env bash
# Makes the artifacts of a release, in build/package and build/static, and tries them. Run before a release.
#   ci/package.sh               the Debian package: built, checked by lintian, installed in a clean root, removed
#   ci/package.sh --deb-only    only built: build/package/dialtone_VERSION_ARCHITECTURE.deb
#   ci/package.sh --static      the archive of the static program: built, run in an empty root
source "$(dirname "$0")/common.sh"

# pack PRESET GENERATOR: builds the preset and packs it; the package's path is in $packed.
pack() {
  say "building ($1)"
  configure "$1"
  cmake --build --preset "$1"
  rm -f "build/$1"/dialtone[_-]*.{deb,tar.gz}
  (cd "build/$1" && cpack -G "$2" >cpack.log) || die "$(cat "build/$1/cpack.log")"
  packed=$(find "build/$1" -maxdepth 1 -name 'dialtone[_-]*.deb' -o -maxdepth 1 -name 'dialtone[_-]*.tar.gz')
  [[ -f $packed ]] || die "cpack made nothing: $(cat "build/$1/cpack.log")"
  say "made $packed"
}

case "${1:-}" in
  '') ;;
  --deb-only)
    pack package DEB
    exit
    ;;
  --static)
    pack static TGZ
    ci/static_test.sh "$packed"
    exit
    ;;
  *) die "usage: ci/package.sh [--deb-only | --static]" ;;
esac

pack package DEB
ci/deb_test.sh "$packed"
