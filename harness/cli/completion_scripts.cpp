#include "harness/cli/completion.hpp"

namespace dialtone {
namespace {

// Each asks the program itself, so that they need not change with it.

constexpr std::string_view kBash = R"SHELL(# bash completion for dialtone
_dialtone() {
  local program=${COMP_WORDS[0]/#\~/$HOME} own=${COMP_WORDS[COMP_CWORD]} head word i files=
  local -a words=()
  COMPREPLY=()
  # Bash breaks words at '=' and ':' too; the program wants them whole.
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if ((i > 1)) && [[ $word == [:=]* || ${COMP_WORDS[i - 1]} == *[:=] ]]; then
      words[-1]+=$word
    else
      words+=("$word")
    fi
  done
  if [[ $own == [:=]* ]]; then own=; fi
  head=${words[-1]%"$own"}
  while IFS=$'\t' read -r word _; do
    if [[ $word == :files ]]; then files=yes; else COMPREPLY+=("${word#"$head"}"); fi
  done < <("$program" __complete "${words[@]}" 2>/dev/null)
  if [[ -n $files ]]; then
    compopt -o filenames 2>/dev/null
    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$own")
  fi
}
complete -F _dialtone dialtone
)SHELL";

constexpr std::string_view kZsh = R"SHELL(#compdef dialtone
_dialtone() {
  local -a described
  local line word text files= nothing=1
  for line in ${(f)"$("${(Q)words[1]}" __complete "${(@Q)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)"}; do
    if [[ $line == :files ]]; then
      files=yes
      continue
    fi
    word=${line%%$'\t'*} text=${line#*$'\t'}
    described+=("${word//:/\\:}:$text")
  done
  if (( $#described )); then
    _describe 'dialtone' described && nothing=0
  fi
  if [[ -n $files ]]; then
    compset -P '*='
    _files && nothing=0
  fi
  return nothing
}
if [[ ${funcstack[1]-} == _dialtone ]]; then
  _dialtone "$@"
else
  compdef _dialtone dialtone
fi
)SHELL";

constexpr std::string_view kFish = R"SHELL(# fish completion for dialtone
function __dialtone_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program $words[1]
    for line in ($program __complete $words[2..-1] "$current" 2>/dev/null)
        if test "$line" = :files
            __fish_complete_path "$current"
        else
            echo $line
        end
    end
end
complete -c dialtone -f -a '(__dialtone_complete)'
)SHELL";

}  // namespace

std::optional<std::string_view> completion_script(std::string_view shell) {
  if (shell == "bash") return kBash;
  if (shell == "zsh") return kZsh;
  if (shell == "fish") return kFish;
  return std::nullopt;
}

}  // namespace dialtone
