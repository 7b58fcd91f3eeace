#include <fmt/format.h>

#include <array>
#include <utility>

#include "harness/model/step_reader.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/session.hpp"
#include "harness/steps/verbs.hpp"
#include "harness/steps/within.hpp"

namespace dialtone {
namespace {

class Expect : public Step {
 public:
  explicit Expect(StepReader& reader)
      : matcher_(reader.matcher("expect")),
        on_(reader.connection("on")),
        capture_(reader.text_or("capture", "")),
        within_(read_within(reader)),
        encoding_(reader.encoding()) {}

  Task<StepOutcome> run(Session& session) const override {
    Bytes storage;
    const auto* octets = octets_of_matcher(session, storage);
    if (octets == nullptr)
      co_return impossible("NoValue", "the expected octets need a variable that has no value");
    const Expectation expectation{&matcher_, *octets, encoding_};
    auto& connection = session.connection(on_);
    const auto deadline = session.deadline(within_);
    while (true) {
      const auto result = match(expectation, connection.received());
      if (const auto* matched = std::get_if<Matched>(&result))
        co_return accept(session, connection, *matched);
      if (const auto* wrong = std::get_if<Mismatch>(&result))
        co_return mismatch(expectation, connection, *wrong);
      const auto arrival = co_await connection.arrival(deadline);
      if (!std::holds_alternative<DataArrived>(arrival))
        co_return missing(expectation, connection, arrival, deadline);
    }
  }

 private:
  /// nullptr where a variable has no value.
  const Bytes* octets_of_matcher(Session& session, Bytes& storage) const {
    const auto* payload = payload_of(matcher_);
    if (payload == nullptr) return &storage;
    if (const auto* constant = payload->constant()) return constant;
    auto octets = session.octets(*payload);
    if (std::holds_alternative<Impossible>(octets)) return nullptr;
    storage = std::move(std::get<Bytes>(octets));
    return &storage;
  }

  Passed accept(Session& session, Connection& connection, const Matched& matched) const {
    if (!capture_.empty()) session.set_variable(capture_, matched.captured);
    connection.received().erase(0, matched.consumed);
    if (std::holds_alternative<PrefixMatch>(matcher_)) {
      connection.ignore_rest();
    }
    return {};
  }

  Failed mismatch(const Expectation& expectation, Connection& connection,
                  const Mismatch& wrong) const {
    auto result = failed("ExpectMismatch", fmt::format("octets differ at offset {}", wrong.offset),
                         describe(expectation));
    result.problem.actual = fmt::format("{} octets, the first wrong one at offset {}",
                                        connection.received().size(), wrong.offset);
    compare(result.problem, expectation, connection, wrong.offset);
    return result;
  }

  StepOutcome missing(const Expectation& expectation, Connection& connection,
                      const Arrival& arrival, const Deadline& deadline) const {
    auto outcome = unexpected(arrival, describe(expectation), deadline);
    auto* failure = std::get_if<Failed>(&outcome);
    if (failure != nullptr && !connection.received().empty()) {
      failure->problem.message += fmt::format("; {} octets had come", connection.received().size());
      compare(failure->problem, expectation, connection, connection.received().size());
    }
    return outcome;
  }

  void compare(Problem& problem, const Expectation& expectation, Connection& connection,
               std::size_t offset) const {
    problem.bytes =
        ByteComparison{Bytes(expectation.octets), connection.received(), offset, encoding_};
  }

  Matcher matcher_;
  std::string on_;
  std::string capture_;
  std::optional<Duration> within_;
  Encoding encoding_;
};

std::shared_ptr<const Step> parse_expect(StepReader& reader) {
  auto step = std::make_shared<Expect>(reader);
  if (reader.has("capture")) reader.scope().define_variable(reader.name("capture"));
  return step;
}

constexpr std::array kFields{
    Field{"expect", FieldType::kMatcher, "the octets that must come next, or a matcher", true},
    Field{"on", FieldType::kConnection, "the connection; the only one by default"},
    Field{"capture", FieldType::kVariable,
          "keeps what matched: a regex's first group, what came before an \"until\""},
};

}  // namespace

extern const StepSpec kExpect{.verb = "expect",
                              .summary =
                                  "These octets come next, however TCP cuts them. It fails at the "
                                  "first wrong octet; what comes after them stays "
                                  "for the next step.",
                              .fields = kFields,
                              .needs = "",
                              .example = R"({ "expect": "thank you !", "on": "c" })",
                              .parse = parse_expect};

}  // namespace dialtone
