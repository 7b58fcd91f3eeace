#!/usr/bin/env bash
# What users copy: ci/action.yml, ci/gitlab.yml, ci/Jenkinsfile and .pre-commit-hooks.yaml. The systems that read
# them are not here; what they hold of shell is run as it stands, and what checks them is asked.
#   ci/templates_test.sh PROGRAM
# shellcheck disable=SC2016  # what is cut out of the templates is no variable of ours
source "$(dirname "$0")/common.sh"

(($# == 1)) || die "usage: ci/templates_test.sh PROGRAM"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
here=$PWD
mkdir "$work/bin"
ln -s "$(realpath "$1")" "$work/bin/dialtone"
export PATH="$work/bin:$PATH"
/usr/bin/python3 -c 'import yaml' 2>/dev/null || die "there is no python3-yaml: ci/deps.sh"

# yaml FILE EXPRESSION: what Python makes of EXPRESSION, with the document as `it`.
yaml() {
  /usr/bin/python3 -c 'import sys, yaml; it = yaml.safe_load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$@"
}

# holds FILE: it is a JUnit report of the article suite.
holds() { grep -q 'ART-36' "$1" || die "$1 is no report"; }

# A suite whose file has a blank in its name would not be one word: suites are given by name here.
mkdir "$work/run"
cp -r scenarios/article "$work/run/article"

say "ci/action.yml"
if [[ -x ci/templates/node_modules/.bin/action-validator ]]; then
  ci/templates/node_modules/.bin/action-validator ci/action.yml >"$work/validator" ||
    die "$(cat "$work/validator")"
else
  say "skipped: action-validator is not installed (ci/deps.sh)"
fi
steps=$(yaml ci/action.yml 'len(it["runs"]["steps"])')
for ((i = 0; i < steps; i++)); do
  yaml ci/action.yml "it['runs']['steps'][$i].get('run', '')" >"$work/step"
  shellcheck --shell=bash "$work/step"
done
script=$(yaml ci/action.yml 'it["runs"]["steps"][-1]["run"]')
(cd "$work/run" && env SUITES='article article/closing.json' TARGET='' ARGUMENTS='--filter ART-36 --quiet' \
  REPORT=action.xml bash -e -o pipefail -c "$script" >action.log) || die "$(cat "$work/run/action.log")"
holds "$work/run/action.xml"
code=0
(cd "$work/run" && env SUITES=article TARGET='$(touch evil)' ARGUMENTS='' REPORT=none.xml \
  bash -e -o pipefail -c "$script" >action.log 2>&1) || code=$?
((code == 2)) || die "a target that is none gave $code"
[[ ! -e $work/run/evil ]] || die "an input was read by the shell"
for script in deps package; do [[ -x ci/$script.sh ]] || die "ci/$script.sh is not there"; done

say "ci/gitlab.yml"
yaml ci/gitlab.yml '"\n".join(it[".dialtone"]["script"])' >"$work/job"
shellcheck --shell=sh --exclude=SC2086,SC2154 "$work/job"
(cd "$work/run" && env DIALTONE_SUITES=article DIALTONE_TARGET='' DIALTONE_ARGUMENTS='--filter ART-36' \
  sh -e "$work/job" >job.log) || die "$(cat "$work/run/job.log")"
for report in $(yaml ci/gitlab.yml \
  '" ".join(it[".dialtone"]["artifacts"]["paths"] + [it[".dialtone"]["artifacts"]["reports"]["junit"]])'); do
  holds "$work/run/$report"
done

say "ci/Jenkinsfile"
line=$(sed -n "s/^ *sh '\(.*\)'$/\1/p" ci/Jenkinsfile)
[[ $line == 'dialtone run '* ]] || die "ci/Jenkinsfile runs nothing"
shellcheck --shell=sh - <<<"$line"
mapfile -t reports < <(sed -n "s/^ *\(junit\|archiveArtifacts artifacts:\) '\([^']*\)'.*/\2/p" ci/Jenkinsfile)
((${#reports[@]} == 2)) || die "ci/Jenkinsfile keeps ${#reports[@]} reports"
for report in "${reports[@]}"; do
  [[ $line == *"=$report"* ]] || die "ci/Jenkinsfile: nobody writes $report"
done

say ".pre-commit-hooks.yaml"
if ! command -v pre-commit >/dev/null; then
  say "skipped: pre-commit is not installed (ci/deps.sh --package)"
else
  # As pre-commit takes it: out of a repository.
  export HOME=$work PRE_COMMIT_HOME=$work/cache GIT_CONFIG_NOSYSTEM=1 \
    GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=x@example.org GIT_COMMITTER_NAME=x GIT_COMMITTER_EMAIL=x@example.org
  mkdir "$work/hooks" "$work/user"
  cp .pre-commit-hooks.yaml "$work/hooks"
  git -C "$work/hooks" init --quiet
  git -C "$work/hooks" add --all
  git -C "$work/hooks" commit --quiet --message=hooks
  cd "$work/user"
  git init --quiet
  cat >.pre-commit-config.yaml <<END
repos:
  - repo: $work/hooks
    rev: $(git -C "$work/hooks" rev-parse HEAD)
    hooks: [{ id: dialtone-validate, files: ^wire/ }]
END
  mkdir wire
  cp "$here/scenarios/article/closing.json" wire
  echo '{ "not": "a suite" }' >other.json
  git add --all
  pre-commit run --all-files >"$work/hook.log" 2>&1 || die "$(cat "$work/hook.log")"
  grep -q 'dialtone validate.*Passed' "$work/hook.log" || die "$(cat "$work/hook.log")"
  sed -i 's/"expect_eof"/"expect_oef"/' wire/closing.json
  if pre-commit run --all-files >"$work/hook.log" 2>&1; then die "a mistake passed the hook"; fi
  grep -q "did you mean 'expect_eof'?" "$work/hook.log" || die "$(cat "$work/hook.log")"
fi
say "templates: what can be tried of them here does what it should"
