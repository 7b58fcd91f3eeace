// Logs that are none, or broken.
#include "reports/log_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "reports/junit.hpp"
#include "reports/log_test_support.hpp"
#include "reports/sample_run.hpp"

namespace dialtone {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// The first mistake, as the user sees it; empty where there is none.
std::string mistake(const std::string& log) {
  const auto read = read_text_log(log);
  const auto* found = std::get_if<Diagnostic>(&read);
  return found == nullptr ? "" : render(*found);
}

const std::string kLog = written(kNdjsonReport, sample_run());

/// The sample's log with the first `from` become `to`.
std::string changed(std::string_view from, std::string_view to) {
  auto log = kLog;
  const auto at = log.find(from);
  if (at == std::string::npos) throw std::runtime_error("no " + std::string(from));
  return log.replace(at, from.size(), to);
}

TEST(BrokenLogTest, IsNoLog) {
  EXPECT_THAT(mistake(""), StartsWith("run.ndjson:1:1: this is no event log: it ends before"));
  EXPECT_THAT(mistake("{\"format\":\"dialtone-l"), HasSubstr("it ends before its first line does"));
  EXPECT_THAT(mistake("{}\n"), StartsWith("run.ndjson:1:1: this is no event log"));
  EXPECT_THAT(mistake("[]\n"),
              StartsWith("run.ndjson:1:1: here must stand an object, not an array"));
  EXPECT_THAT(mistake("<testsuites>\n"), StartsWith("run.ndjson:1:1: "));
  EXPECT_THAT(mistake("{}\n"), HasSubstr("hint: 'dialtone run --report ndjson=FILE' writes one"));
}

TEST(BrokenLogTest, HasAnotherVersion) {
  EXPECT_THAT(mistake(changed(R"("version":1)", R"("version":2)")),
              StartsWith("run.ndjson:1:36: this log has version 2, and only version 1 is known"));
}

TEST(BrokenLogTest, SaysWhereAndWhat) {
  const struct {
    std::string_view from;
    std::string_view to;
    std::string_view says;
  } mistakes[] = {
      {R"("verdict":"fail")", R"("verdict":"odd")", "there is no verdict 'odd'"},
      {R"("verdict":"fail")", R"("verdict":7)", "here must stand a string, not a number"},
      {R"("verdict":"fail",)", "", "'verdict' is missing"},
      {R"("offset":3)", R"("offset":30)", "30 is not in 0 to 11"},
      {R"("offset":3)", R"("offset":3.5)", "here must stand a whole number"},
      {R"("failed_step":2)", R"("failed_step":-2)", "-2 is not in -1 to 2147483647"},
      {R"("kind":"sent")", R"("kind":"sung")", "there is no such kind of event"},
      {R"("octets":"c4e3)", R"("octets":"c4e)", "these are no pairs of hex digits"},
      {R"("at_ns":310000)", R"("at_ns":-1)", "-1 is not in 0 to "},
      {R"("at_ns":310000)", R"("at_ns":9223372036854775807)", "is not in 0 to "},
      {R"("scenario":1,"run":1,"at_ns")", R"("scenario":9,"run":1,"at_ns")", "9 is not in 1 to 6"},
      {R"("scenario":1,"run":1,"at_ns")", R"("scenario":2,"run":1,"at_ns")",
       "an event of a scenario that is not running"},
      {R"("scenario":1,"run":1,"at_ns")", R"("scenario":1,"run":7,"at_ns")",
       "an event of a run that was not started"},
      {R"("scenario":2,"run":2,"definition":2)", R"("scenario":1,"run":2,"definition":2)",
       "this scenario was finished before"},
      {R"("definition":1)", R"("definition":2)", "the next definition is 1"},
      {R"("suite":1)", R"("suite":0)", "the next suite is 1"},
      {R"("encoding":"gbk")", R"("encoding":"morse")", "there is no encoding 'morse'"},
      {R"("level":"MUST")", R"("level":"must not")", "there is no level 'must not'"},
      {R"("type":"event")", R"("type":"run_started")", "a run begins inside another"},
      {R"("type":"event")", "\"type\":\"\x1b[2J", "run.ndjson:"},
  };
  for (const auto& each : mistakes) {
    const auto text = mistake(changed(each.from, each.to));
    EXPECT_THAT(text, HasSubstr(each.says));
    EXPECT_THAT(text, testing::MatchesRegex("run.ndjson:[0-9]+:[0-9]+: [^\x1b]*")) << text;
  }
}

TEST(BrokenLogTest, NamesTheLineOfAMistakeInTheJson) {
  const auto second = kLog.find('\n') + 1;
  auto log = kLog;
  log.insert(second, "{\"type\":oops}\n");
  EXPECT_THAT(mistake(log), StartsWith("run.ndjson:2:9: "));
}

TEST(BrokenLogTest, GoesOnBehindItsEnd) {
  EXPECT_THAT(mistake(kLog + kLog), HasSubstr("nothing may follow the end of a run"));
  EXPECT_THAT(mistake(kLog + "{\"type\":\"event\"}\n"),
              HasSubstr("nothing may follow the end of a run"));
}

TEST(BrokenLogTest, ALaterVersionsLinesAndKeysArePassedOver) {
  const auto second = kLog.find('\n') + 1;
  auto log = kLog;
  log.insert(second, "{\"type\":\"weather\",\"sky\":[{\"blue\":true}]}\n");
  log.insert(log.find("\"target\""), "\"colour\":null,");
  EXPECT_EQ(written(kJunitReport, good_log(log).run), written(kJunitReport, sample_run()));
}

TEST(BrokenLogTest, NoChangeOfOneOctetMakesItCrash) {
  for (std::size_t at = 0; at < kLog.size(); at += 61) {
    for (const char c : {'\0', '"', '{', '9', '-', '\n', '\xff'}) {
      auto log = kLog;
      log[at] = c;
      const auto read = read_text_log(log);
      if (const auto* good = std::get_if<ReadLog>(&read)) {
        EXPECT_FALSE(written(kJunitReport, good->run).empty());
      } else {
        EXPECT_GT(std::get<Diagnostic>(read).where.line, 0);
      }
    }
  }
}

}  // namespace
}  // namespace dialtone
