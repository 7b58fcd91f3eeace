#!/usr/bin/env bash
# The archive of the static program: one file that needs no library runs the suites in a root that holds no
# file of a system. As root.
#   ci/static_test.sh ARCHIVE.tar.gz
source "$(dirname "$0")/common.sh"

(($# == 1)) || die "usage: ci/static_test.sh ARCHIVE.tar.gz"
((EUID == 0)) || die "as root: an empty root is made and entered"
root=$(mktemp -d)
cleanup() {
  umount "$root/proc" 2>/dev/null || true
  rm -rf --one-file-system "$root"
}
trap cleanup EXIT
tar --extract --file "$1" --strip-components=1 --directory "$root"

chroot=$(command -v chroot)
program=$root/bin/dialtone
if readelf --program-headers "$program" | grep -q INTERP; then die "it wants a dynamic linker"; fi
if readelf --sections "$program" | grep -q '\.symtab'; then die "it is not stripped"; fi
[[ ! -e $root/usr && ! -e $root/lib ]] || die "the archive holds more than the program and its share"

inside() { env -i PATH=/bin "$chroot" "$root" /bin/dialtone "$@"; }
say "the UDP and the client suite in an empty root"
inside run udp client --quiet

say "the article, TLS and robust suites where the kernel's /proc, /dev/null and a /tmp are"
mkdir -p "$root/dev" "$root/proc" "$root/tmp"
mknod -m 666 "$root/dev/null" c 1 3
mount -t proc proc "$root/proc"
inside run article tls robust --quiet

say "what it wants files of glibc for"
cat >"$root/gb18030.json" <<'END'
{ "suite": "s", "encoding": "gb18030", "scenarios": [{ "id": "S", "steps": [{ "connect": "c" }, { "send": "你" }] }] }
END
if inside run /gb18030.json >"$root/log" 2>&1; then die "GB18030 works: ci/README.md says that it does not"; fi
grep -q "the system's iconv cannot convert" "$root/log" || die "$(cat "$root/log")"
say "the static program: one file, stripped, runs by itself"
