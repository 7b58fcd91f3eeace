#include <array>
#include <string>
#include <utility>

#include "harness/model/step_reader.hpp"
#include "harness/steps/session.hpp"
#include "harness/steps/verbs.hpp"

namespace dialtone {
namespace {

class Set : public Step {
 public:
  explicit Set(StepReader& reader) : name_(reader.name("set")), to_(reader.text("to", "")) {}

  Task<StepOutcome> run(Session& session) const override {
    auto value = session.text(to_);
    if (const auto* problem = std::get_if<Impossible>(&value)) co_return *problem;
    session.set_variable(name_, std::move(std::get<std::string>(value)));
    co_return Passed{};
  }
  int descriptors() const override { return 0; }

 private:
  std::string name_;
  Template to_;
};

std::shared_ptr<const Step> parse_set(StepReader& reader) {
  auto step = std::make_shared<Set>(reader);
  reader.scope().define_variable(reader.name("set"));
  return step;
}

constexpr std::array kFields{
    Field{"set", FieldType::kVariable, "the variable", true},
    Field{"to", FieldType::kText, "its value, with other variables in it", true},
};

}  // namespace

extern const StepSpec kSet{.verb = "set",
                           .summary = "Gives a variable a value.",
                           .fields = kFields,
                           .needs = "",
                           .example = R"({ "set": "old_port", "to": "${target.port}" })",
                           .parse = parse_set};

}  // namespace dialtone
