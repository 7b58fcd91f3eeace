// The event log: what a run leaves behind, whatever becomes of it, and what is made of it later.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "harness/cli/e2e_support.hpp"

namespace dialtone {
namespace {

using testing::HasSubstr;

std::vector<nlohmann::json> lines_of(const std::string& file) {
  std::vector<nlohmann::json> lines;
  std::istringstream text(read_text(file));
  for (std::string line; std::getline(text, line);) lines.push_back(nlohmann::json::parse(line));
  return lines;
}

class EventLogTest : public testing::Test {
 protected:
  ProgramResult run(Words arguments) const {
    arguments.insert(arguments.begin(), {"run", "--report", "ndjson=" + log_});
    return run_dialtone(arguments);
  }
  ProgramResult report(const std::string& what) const {
    return run_dialtone({"report", log_, "--report", what});
  }
  /// Whether so many scenarios have their verdict in the log, before the limit.
  bool awaits_verdicts(int wanted) const {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (occurrences(R"({"type":"scenario_finished")", read_text(log_)) < wanted) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::yield();
    }
    return true;
  }

  TemporaryDirectory dir_;
  const std::string log_ = dir_.path("deep/run.ndjson");
};

TEST_F(EventLogTest, EveryOtherReportIsMadeOfIt) {
  const auto junit = dir_.path("run.xml");
  const auto xunit = dir_.path("run-xunit.xml");
  const auto json = dir_.path("run.json");
  const auto ran = run({kArticle, "--fault", "no-reply", "--report", "junit=" + junit, "--report",
                        "junit:jenkins-xunit=" + xunit, "--report", "json=" + json});
  ASSERT_EQ(ran.exit_code, 1) << ran.how << ran.err;
  EXPECT_GT(occurrences("<failure ", read_text(junit)), 0);
  for (const auto& [format, file] :
       {std::pair{"junit", junit}, {"junit:jenkins-xunit", xunit}, {"json", json}}) {
    const auto made = report(format);
    EXPECT_EQ(made.exit_code, 0) << made.how;
    EXPECT_EQ(made.err, "");
    EXPECT_TRUE(made.out == read_text(file)) << format;
  }
}

TEST_F(EventLogTest, HasALineForEachEventWithItsScenario) {
  const auto suite = dir_.write("suite.json", suite_json("two", R"(
    {"id": "L-1", "title": "t", "source": "s", "steps": [{"connect": "c"}]},
    {"id": "L-2", "title": "t", "source": "s", "steps": [{"connect": "c"}, {"send": "hello"}]})"));
  const auto ran = run({suite});
  const auto lines = lines_of(log_);
  ASSERT_GT(lines.size(), 8U) << ran.err << read_text(log_);
  EXPECT_EQ(lines.front()["format"], "dialtone-log");
  EXPECT_EQ(lines.front()["planned"], 2);
  EXPECT_EQ(lines.back()["type"], "run_finished");
  std::vector<nlohmann::json> sent;
  for (const auto& line : lines) {
    if (line["type"] == "event" && line["kind"] == "sent") sent.push_back(line);
  }
  ASSERT_EQ(sent.size(), 1U) << read_text(log_);
  EXPECT_EQ(sent[0]["scenario"], 2);
  EXPECT_EQ(sent[0]["step"], 1);
  EXPECT_EQ(sent[0]["connection"], "c");
  EXPECT_EQ(sent[0]["octets"], "68656c6c6f");
}

TEST_F(EventLogTest, AKilledRunLeavesAllUpToThatMoment) {
  const auto suite = dir_.write("suite.json", suite_json("killed", R"(
    {"id": "K-1", "title": "slow", "source": "s",
     "steps": [{"connect": "c"}, {"expect_silence": "600s"}]},
    {"id": "K-2", "title": "quick", "source": "s", "steps": [{"connect": "c"}]},
    {"id": "K-3", "title": "wrong", "source": "s",
     "steps": [{"connect": "c"}, {"send": "hello"}, {"expect": "what nobody says"}]})"));
  Program killed(dialtone_command({"run", suite, "--report", "ndjson=" + log_}));
  ASSERT_TRUE(awaits_verdicts(2)) << read_text(log_);
  killed.send_signal(SIGKILL);
  EXPECT_THAT(killed.finish().how, HasSubstr("SIGKILL"));
  const auto junit = dir_.path("killed.xml");
  const auto made = report("junit=" + junit);
  EXPECT_EQ(made.exit_code, 0) << made.how;
  EXPECT_THAT(made.err, HasSubstr("the log has no end: 2 of 3 scenarios finished"));
  EXPECT_EQ(xml_mistakes(junit).value_or(""), "");
  const auto text = read_text(junit);
  EXPECT_EQ(occurrences("<testcase ", text), 4);  // one says that it was interrupted
  EXPECT_THAT(text, HasSubstr("it was under way when the run was killed"));
  EXPECT_THAT(text, HasSubstr("it was interrupted: 2 scenarios finished"));
  EXPECT_THAT(text, HasSubstr("K-2: quick"));
  EXPECT_THAT(text, HasSubstr("K-3: wrong"));
  EXPECT_THAT(text, HasSubstr("<failure "));
  EXPECT_THAT(text, HasSubstr(R"(name="dialtone.interrupted" value="true")"));
  EXPECT_THAT(read_text(log_), HasSubstr(R"("id":"K-1")"));
}

TEST_F(EventLogTest, OfAnInterruptedRunGivesTheSameReport) {
  const auto suite = dir_.write("suite.json", suite_json("stopped", R"(
    {"id": "K-1", "title": "slow", "source": "s",
     "steps": [{"connect": "c"}, {"expect_silence": "600s"}]},
    {"id": "K-2", "title": "quick", "source": "s", "steps": [{"connect": "c"}]})"));
  const auto junit = dir_.path("run.xml");
  Program stopped(
      dialtone_command({"run", suite, "--report", "ndjson=" + log_, "--report", "junit=" + junit}));
  ASSERT_TRUE(awaits_verdicts(1)) << read_text(log_);
  stopped.send_signal(SIGTERM);
  EXPECT_EQ(stopped.finish().exit_code, 143);
  const auto made = report("junit");
  EXPECT_EQ(made.err, "");
  EXPECT_EQ(made.out, read_text(junit));
}

TEST_F(EventLogTest, VariantsAreRunsOfTheirScenario) {
  const auto junit = dir_.path("run.xml");
  const auto ran =
      run({kArticle, "--filter", "ART-0*", "--vary", "segmentation", "--report", "junit=" + junit});
  EXPECT_THAT(read_text(log_), HasSubstr(R"("variant":")"));
  const auto made = report("junit");
  EXPECT_EQ(made.err, "") << ran.err;
  EXPECT_EQ(made.out, read_text(junit));
}

TEST_F(EventLogTest, ThatCannotBeWrittenRunsNothing) {
  const auto file = dir_.write("file", "");
  const auto ran = run_dialtone({"run", kArticle, "--report", "ndjson=" + file + "/log"});
  EXPECT_EQ(ran.exit_code, 3) << ran.how;
  EXPECT_THAT(ran.err, HasSubstr("cannot write " + file + "/log"));
  EXPECT_EQ(ran.out, "");
}

TEST_F(EventLogTest, OnAFullDiskIsAReportThatWasNotWritten) {
  const auto ran =
      run_dialtone({"run", kArticle, "--filter", "ART-09", "--report", "ndjson=/dev/full"});
  EXPECT_EQ(ran.exit_code, 3) << ran.how;
  EXPECT_THAT(ran.out + ran.err, HasSubstr("(ENOSPC)"));
}

TEST(ReportCommandTest, RefusesWhatIsNoLogAndReportsThatAreNone) {
  const TemporaryDirectory dir;
  const auto none = run_dialtone({"report", dir.path("none"), "--report", "junit"});
  EXPECT_EQ(none.exit_code, 2) << none.how;
  EXPECT_THAT(none.err, HasSubstr("No such file or directory"));
  const auto xml = dir.write("run.xml", "<testsuites/>\n");
  const auto broken = run_dialtone({"report", xml, "--report", "junitt"});
  EXPECT_EQ(broken.exit_code, 2) << broken.how;
  EXPECT_THAT(broken.err, HasSubstr(xml + ":1:1: "));
  EXPECT_THAT(broken.err, HasSubstr("did you mean 'junit'?"));
  EXPECT_EQ(broken.out, "");
  EXPECT_EQ(run_dialtone({"report", xml}).exit_code, 2);
}

TEST_F(EventLogTest, IsReadFromStandardInputToo) {
  ASSERT_EQ(run({kArticle, "--filter", "ART-09"}).exit_code, 0);
  const auto piped = run_dialtone({"report", "-", "--report", "junit"}, read_text(log_));
  EXPECT_EQ(piped.exit_code, 0) << piped.err;
  EXPECT_EQ(piped.out, report("junit").out);
}

TEST_F(EventLogTest, AReportOfItThatCannotBeWrittenIsSaid) {
  ASSERT_EQ(run({kArticle, "--filter", "ART-09"}).exit_code, 0);
  const auto full = report("junit=/dev/full");
  EXPECT_EQ(full.exit_code, 3) << full.how;
  EXPECT_THAT(full.err, HasSubstr("(ENOSPC)"));
}

TEST(LogIsReadTest, AndNoReportIsWrittenOntoIt) {
  const TemporaryDirectory dir;
  const auto log = dir.path("log");
  run_dialtone({"run", kArticle, "-q", "--filter", "ART-01", "--report", "ndjson=" + log});
  const auto before = read_text(log);
  const auto again = run_dialtone({"report", log, "--report", "ndjson=" + dir.path(".") + "/log"});
  EXPECT_EQ(again.exit_code, 2);
  EXPECT_THAT(again.err, HasSubstr("that file is read here"));
  EXPECT_EQ(run_dialtone({"merge", log, "-o", log}).exit_code, 2);
  EXPECT_EQ(read_text(log), before);
}

TEST(ReportsTest, OneIsNotWrittenOntoAnother) {
  const TemporaryDirectory dir;
  const auto path = dir.path("same");
  const auto result = run_dialtone(
      {"run", kArticle, "--report", "junit=" + path, "--report", "tap=" + dir.path(".") + "/same"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("'junit' would be written there too"));
  const auto nowhere = run_dialtone({"run", kArticle, "-q", "--filter", "ART-01", "--report",
                                     "junit=/dev/null", "--report", "tap=/dev/null"});
  EXPECT_EQ(nowhere.exit_code, 0) << nowhere.err;
}

}  // namespace
}  // namespace dialtone
