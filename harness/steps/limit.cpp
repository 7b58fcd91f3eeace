#include <fmt/format.h>

#include <array>

#include "harness/model/printable.hpp"
#include "harness/model/step_reader.hpp"
#include "harness/net/process_observation.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/session.hpp"
#include "harness/steps/sum.hpp"
#include "harness/steps/verbs.hpp"

namespace dialtone {
namespace {

constexpr std::string_view kUsed = "used";

/// What `descriptors` says: so many, or so many more than are open now.
struct Wanted {
  int number;
  bool beyond_used;
};

std::optional<Wanted> read_wanted(std::string_view text) {
  if (text == kUsed) return Wanted{0, true};
  const bool beyond_used = text.starts_with("used+");
  if (beyond_used) text.remove_prefix(kUsed.size() + 1);
  const auto number = read_sum(text);
  if (!number) return std::nullopt;
  return Wanted{*number, beyond_used};
}

class Limit : public Step {
 public:
  explicit Limit(StepReader& reader)
      : program_(reader.name("limit")),
        descriptors_(reader.text("descriptors", "")),
        restore_(reader.flag("restore")) {}

  Task<StepOutcome> run(Session& session) const override {
    auto* process = session.program(program_);
    if (process == nullptr)
      co_return impossible("NoProcess", fmt::format("'{}' is no program of ours", program_));
    auto& limits = session.descriptor_limits();
    const auto error = restore_ ? limits.restore() : std::nullopt;
    if (error) co_return impossible("CannotLimit", error->text);
    if (restore_) co_return Passed{};
    const auto text = session.text(descriptors_);
    if (const auto* problem = std::get_if<Impossible>(&text)) co_return *problem;
    const auto wanted = read_wanted(std::get<std::string>(text));
    if (!wanted) {
      co_return impossible("BadLimit", fmt::format("'{}' is no number of descriptors",
                                                   printable(std::get<std::string>(text))));
    }
    const auto refused = wanted->beyond_used ? limits.leave_room(process->pid(), wanted->number)
                                             : limits.set(process->pid(), wanted->number);
    if (refused) co_return impossible("CannotLimit", refused->text);
    session.recorder().note(fmt::format("'{}' may hold {}{} descriptors", program_, wanted->number,
                                        wanted->beyond_used ? " more" : ""));
    co_return Passed{};
  }

 private:
  std::string program_;
  Template descriptors_;
  bool restore_;
};

std::shared_ptr<const Step> parse_limit(StepReader& reader) {
  if (reader.name("limit") == "target") {
    reader.need("process");
    reader.need("process_control");
  }
  const auto text = reader.text("descriptors", "0").constant();
  if (text && !read_wanted(*text)) {
    reader.report("descriptors", fmt::format("'{}' is no number of descriptors", printable(*text)),
                  "such as \"64\", or \"used+2\" for two more than are open now");
  }
  if (reader.has("descriptors") == reader.flag("restore"))
    reader.report("limit", "'limit' takes either 'descriptors' or 'restore': true");
  return std::make_shared<Limit>(reader);
}

constexpr std::array kFields{
    Field{"limit", FieldType::kProgram, "the program and its group", true},
    Field{"descriptors", FieldType::kText,
          "how many it may hold: \"64\", or \"used+2\" for two more than are open now"},
    Field{"restore", FieldType::kBoolean, "puts back what earlier steps have lowered"},
};

}  // namespace

extern const StepSpec kLimit{
    .verb = "limit",
    .summary =
        "Limits the descriptors that a running program may open (RLIMIT_NOFILE, the soft "
        "limit): accept, socket and open give EMFILE beyond it.",
    .fields = kFields,
    .needs = "",
    .example = R"({ "limit": "target", "descriptors": "used+2" })",
    .parse = parse_limit};

}  // namespace dialtone
