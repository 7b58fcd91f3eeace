#include "harness/runner/last_words.hpp"

#include <fmt/format.h>

#include <cstddef>

#include "harness/model/dropped.hpp"
#include "harness/model/printable.hpp"

namespace dialtone {
namespace {

constexpr std::size_t kShownOutput = 300;

}  // namespace

std::string last_words(const Process& process) {
  const auto output = process.output();
  const auto& text = output.err.empty() ? output.out : output.err;
  if (text.empty()) return {};
  const auto from = text.size() > kShownOutput ? text.size() - kShownOutput : 0;
  return fmt::format("; it printed: {}{}", from == 0 ? "" : dropped_mark(from),
                     printable(text.substr(from)));
}

}  // namespace dialtone
