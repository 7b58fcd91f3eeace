#!/usr/bin/env bash
# Is every C++ file as clang-format leaves it? `--fix` makes it so.
source "$(dirname "$0")/common.sh"

formatter=$(versioned clang-format 14)
mapfile -t files < <(project_files '*.cpp' '*.hpp')
((${#files[@]} > 0)) || die "no C++ files found: nothing was checked"

case "${1:-}" in
  '') ;;
  --fix) exec "$formatter" -i "${files[@]}" ;;
  *) die "usage: ci/check_format.sh [--fix]" ;;
esac

if ! "$formatter" --dry-run -Werror --ferror-limit=1 "${files[@]}" 2>/dev/null; then
  for file in "${files[@]}"; do
    "$formatter" "$file" | diff -u --label "$file" --label "$file (formatted)" "$file" - || true
  done | sed -n '1,100p'
  die "ci/check_format.sh --fix puts it right"
fi
say "format: ${#files[@]} files are fine"
