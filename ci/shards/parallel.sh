#!/usr/bin/env bash
# Shards under GNU parallel: it numbers its jobs, but does not say how many there are.
#   ci/shards/parallel.sh DIALTONE
source "$(dirname "$0")/common.sh"
need parallel parallel
parallel --version 2>/dev/null | grep -q '^GNU parallel' || need gnu-parallel parallel

# The first job is the first shard, whichever ends first.
parallel --will-cite --jobs 2 \
  "$dialtone" run "$suites" --quiet --shard auto/5 --report "ndjson=$work/{}.ndjson" \
  ::: a b c d e
grep -q '"shard":{"index":2,"total":5,' "$work/b.ndjson" || die "the second job is not shard 2/5"
compare_with_whole "$work"/?.ndjson
