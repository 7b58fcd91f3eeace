#!/usr/bin/env bash
# The Debian package: lintian has nothing against it; in a clean root it can be installed, runs the article
# suite, and is removed without a trace. As root; the root is made by debootstrap where a mirror answers, else of
# the package and the libraries that it needs.
#   ci/deb_test.sh PACKAGE.deb
source "$(dirname "$0")/common.sh"

(($# == 1)) || die "usage: ci/deb_test.sh PACKAGE.deb"
package=$(realpath "$1")
work=$(mktemp -d)
root=$work/root
cleanup() {
  umount "$root/proc" 2>/dev/null || true
  rm -rf --one-file-system "$work"
}
trap cleanup EXIT

say "lintian"
lintian --version >/dev/null || die "lintian is not installed: ci/deps.sh --package"
lintian --allow-root --fail-on error,warning "$package" >"$work/lintian" 2>&1 || die "$(cat "$work/lintian")"
[[ ! -s $work/lintian ]] || die "lintian is not silent: $(cat "$work/lintian")"

((EUID == 0)) || die "as root: a clean root is made and entered"

# files: every path below the root but those of the kernel and of dpkg's own books.
files() {
  (cd "$root" && find . -path ./proc -prune -o -path ./sys -prune -o -path ./dev -prune -o \
    -path ./var/lib/dpkg -prune -o -path ./var/cache -prune -o -path ./var/log -prune -o -print) | sort
}

# inside COMMAND...: in the clean root, without this machine's variables.
inside() { env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/ LC_ALL=C.UTF-8 chroot "$root" "$@"; }

# bare_root: directories, dpkg's books and the libraries of the package's dependencies, with a shell.
bare_root() {
  mkdir -p "$root"/{bin,dev,proc,tmp,usr/bin,usr/lib,var/lib/dpkg/{info,updates,parts}}
  touch "$root/var/lib/dpkg"/{status,available}
  touch "$root/usr/bin/kept" # dpkg removes a directory in which nothing is left
  local program library
  dpkg-deb --fsys-tarfile "$package" | tar --extract --directory "$work" ./usr/bin/dialtone
  for program in "$work/usr/bin/dialtone" /bin/sh; do
    ldd "$program" | grep -o '/[^ ]*' | while IFS= read -r library; do
      mkdir -p "$root$(dirname "$library")"
      cp --dereference "$library" "$root$library"
    done
  done
  cp --dereference /bin/sh "$root/bin/sh"
  mkdir -p "$root/usr/lib/x86_64-linux-gnu"
  cp --recursive --dereference /usr/lib/x86_64-linux-gnu/gconv "$root/usr/lib/x86_64-linux-gnu/"
  mknod -m 666 "$root/dev/null" c 1 3
}

# The packages that it depends on, in the root's own apt.
kind=debootstrap
if command -v debootstrap >/dev/null && [[ ${DIALTONE_BARE_ROOT:-} != yes ]] &&
  timeout 600 debootstrap --variant=minbase bookworm "$root" "${DEBIAN_MIRROR:-http://deb.debian.org/debian}" \
    >"$work/debootstrap.log" 2>&1; then
  cp /etc/apt/sources.list "$root/etc/apt/sources.list" 2>/dev/null || true
  cp -r /etc/apt/sources.list.d/. "$root/etc/apt/sources.list.d/" 2>/dev/null || true
  cp -r /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/" 2>/dev/null || true
else
  kind="bare"
  rm -rf --one-file-system "$root"
  bare_root
fi
mount -t proc proc "$root/proc"
say "a clean root ($kind)"

install() {
  if [[ $kind == bare ]]; then
    dpkg --root="$root" --force-depends --force-not-root --install "$package" >"$work/install.log" 2>&1
  else
    cp "$package" "$root/tmp/dialtone.deb"
    {
      inside apt-get update
      inside apt-get install --yes --no-install-recommends /tmp/dialtone.deb
      # The dependencies stay; only what the package itself brings must go.
      inside apt-get remove --yes dialtone
      rm "$root/tmp/dialtone.deb"
    } >"$work/install.log" 2>&1 || return
    files >"$work/before"
    cp "$package" "$root/tmp/dialtone.deb"
    inside dpkg --install /tmp/dialtone.deb >>"$work/install.log" 2>&1 || return
    rm "$root/tmp/dialtone.deb"
  fi
}

files >"$work/before"
install || die "it cannot be installed: $(cat "$work/install.log")"
for file in usr/bin/dialtone usr/share/dialtone/scenarios/article/closing.json \
  usr/share/dialtone/scenarios/scenario.schema.json usr/share/dialtone/profiles/redis.json \
  usr/share/cmake/Dialtone/DialtoneConfig.cmake usr/share/man/man1/dialtone.1.gz \
  usr/share/man/man5/dialtone-scenario.5.gz usr/share/bash-completion/completions/dialtone \
  usr/share/zsh/vendor-completions/_dialtone usr/share/fish/vendor_completions.d/dialtone.fish; do
  # A minimal Debian may be told to leave out documentation.
  [[ -e $root/$file ]] || dpkg-deb --contents "$package" | grep -q "$file" || die "$file is missing"
done

say "the article suite in it"
inside dialtone run article --quiet
inside dialtone list >"$work/list"
grep -q ROB-01 "$work/list" || die "the robust suite is not listed"

say "removing it"
if [[ $kind == bare ]]; then
  dpkg --root="$root" --purge dialtone >"$work/remove.log" 2>&1 || die "$(cat "$work/remove.log")"
else
  inside dpkg --purge dialtone >"$work/remove.log" 2>&1 || die "$(cat "$work/remove.log")"
fi
files >"$work/after"
diff -u "$work/before" "$work/after" || die "it left something behind"
say "the package: lintian is silent, it is installed, runs, and is removed without a trace"
