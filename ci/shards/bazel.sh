#!/usr/bin/env bash
# Shards of a test under Bazel: sh_test with shard_count. Without a network: the workspace needs
# nothing but what Debian's bazel-bootstrap brings.
#   ci/shards/bazel.sh DIALTONE
source "$(dirname "$0")/common.sh"
need bazel bazel-bootstrap

shards=4
mkdir "$work/workspace" "$work/logs"
cd "$work/workspace"
touch WORKSPACE
cat >BUILD <<END
sh_test(
    name = "article",
    srcs = ["article.sh"],
    shard_count = $shards,
)
END
cat >article.sh <<END
#!/usr/bin/env bash
exec "$dialtone" run "$suites" --report "ndjson=$work/logs/\$TEST_SHARD_INDEX.ndjson"
END
chmod +x article.sh

# alias_rules REPOSITORY LANGUAGE RULE...: a repository whose rules are those built into Bazel.
alias_rules() {
  local directory=$work/$1/$2 rule
  mkdir -p "$directory"
  touch "$work/$1/WORKSPACE" "$directory/BUILD"
  for rule in "${@:3}"; do printf '%s = native.%s\n' "$rule" "$rule"; done >"$directory/defs.bzl"
}

# What Bazel would fetch though nothing here uses it: it looks through its own toolchains.
alias_rules rules_cc cc cc_binary cc_import cc_library cc_test cc_toolchain cc_toolchain_suite
alias_rules rules_java java java_binary java_import java_library java_runtime java_toolchain
mkdir "$work/coverage"
touch "$work/coverage/WORKSPACE"
for library in coverage_report_generator lcov_merger; do
  printf 'sh_library(name = "%s", visibility = ["//visibility:public"])\n' "$library"
done >"$work/coverage/BUILD"

if ! HOME=$work bazel --batch --output_user_root="$work/bazel" test //:article \
  --spawn_strategy=local --test_strategy=standalone --test_output=errors --noshow_progress \
  --override_repository=remote_coverage_tools="$work/coverage" \
  --override_repository=rules_cc="$work/rules_cc" \
  --override_repository=rules_java="$work/rules_java" \
  --repository_cache= --color=no >"$work/bazel.out" 2>&1; then
  cat "$work/bazel.out" >&2
  die "bazel test fails"
fi
# Bazel takes a test for sharded only where it touched the status file; each shard left its JUnit
# report where Bazel wants it.
for ((index = 1; index <= shards; ++index)); do
  xml=bazel-testlogs/article/shard_${index}_of_$shards/test.xml
  grep -q "name=\"dialtone.shard\" value=\"$index/$shards\"" "$xml" ||
    die "$xml is not the report of shard $index/$shards"
done
compare_with_whole "$work"/logs/*.ndjson
