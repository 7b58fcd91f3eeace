#!/usr/bin/env bash
# The archive of the static program: one file that needs no library runs the article suite in a root that
# holds nothing else. As root.
#   ci/static_test.sh ARCHIVE.tar.gz
source "$(dirname "$0")/common.sh"

(($# == 1)) || die "usage: ci/static_test.sh ARCHIVE.tar.gz"
((EUID == 0)) || die "as root: an empty root is made and entered"
root=$(mktemp -d)
trap 'rm -rf --one-file-system "$root"' EXIT
tar --extract --file "$1" --strip-components=1 --directory "$root"

chroot=$(command -v chroot)
program=$root/bin/dialtone
if readelf --program-headers "$program" | grep -q INTERP; then die "it wants a dynamic linker"; fi
if readelf --sections "$program" | grep -q '\.symtab'; then die "it is not stripped"; fi
[[ ! -e $root/usr && ! -e $root/lib ]] || die "the archive holds more than the program and its share"

# What is known not to work without the files of iconv and of the name service.
mkdir -p "$root/dev" "$root/proc" "$root/tmp"
inside() { env -i PATH=/bin "$chroot" "$root" /bin/dialtone "$@"; }
say "the article suite in an empty root"
inside run article --quiet
say "the static program: one file, stripped, runs by itself"
