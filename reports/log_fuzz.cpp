// A libFuzzer entry: ci/fuzz.sh builds and runs it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>
#include <variant>

#include "harness/model/printable.hpp"
#include "reports/json.hpp"
#include "reports/junit.hpp"
#include "reports/log_reader.hpp"
#include "reports/ndjson.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

std::string written(const dialtone::ReportFormat& format, const dialtone::RunResult& run) {
  std::ostringstream out;
  format.write(run, {}, out);
  return out.str();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::istringstream in(std::string(data, data + size));
  const auto read = dialtone::read_log("fuzz.ndjson", in);
  if (const auto* mistake = std::get_if<dialtone::Diagnostic>(&read)) {
    require(mistake->where.line > 0 && mistake->where.column > 0);
    require(!mistake->message.empty());
    const auto text = render(*mistake);
    require(text == dialtone::printable(text, {.keep_lines = true}));
    return 0;
  }
  // What was read can be shown, and written and read again without loss.
  const auto& run = std::get<dialtone::ReadLog>(read).run;
  require(!written(dialtone::kJunitReport, run).empty());
  std::istringstream again(written(dialtone::kNdjsonReport, run));
  const auto second = dialtone::read_log("again.ndjson", again);
  require(std::holds_alternative<dialtone::ReadLog>(second));
  require(written(dialtone::kJsonReport, std::get<dialtone::ReadLog>(second).run) ==
          written(dialtone::kJsonReport, run));
  return 0;
}
