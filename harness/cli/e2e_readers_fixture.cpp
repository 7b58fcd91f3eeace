#include "harness/cli/e2e_readers_fixture.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <string_view>

namespace dialtone {
namespace {

using testing::HasSubstr;

// 'm' is answered with markup and controls, 'l' with lines that would forge a report's; 'f' with
// markup at first, and as it should be when it is asked again.
constexpr std::string_view kServer = R"(
import socket
server = socket.socket()
server.bind(('127.0.0.1', 0))
server.listen(128)
print('port %d' % server.getsockname()[1], flush=True)
asked = 0
while True:
    client, address = server.accept()
    kind = client.recv(1)
    asked += kind == b'f'
    if kind == b'f' and asked > 1:
        client.sendall(b'good')
    elif kind in (b'm', b'f'):
        client.sendall(b'\x00\x1b[2J\xe2\x80\xae\xff<script>x</script>]]>|`@octocat')
    elif kind == b'l':
        client.sendall(b'\n...\nok 9 - x\n::error::x\n##[error]x\n```\n')
    client.close()
)";

constexpr std::string_view kScenarios = R"(
 {"id": "R-1", "title": "<b>bold</b> | ` @octocat #1 # TODO http://evil.example {", "source": "s",
  "steps": [{"connect": "c"}, {"send": "m"}, {"expect": "good"}]},
 {"id": "R-2", "title": "warns", "level": "SHOULD", "source": "s",
  "steps": [{"connect": "c"}, {"send": "l"}, {"expect": "good"}]},
 {"id": "R-3", "title": "passes", "source": "s", "steps": [{"connect": "c"}]},
 {"id": "R-4", "title": "is known", "source": "s",
  "steps": [{"connect": "c"}, {"send": "m"}, {"expect": "good"}]},
 {"id": "R-5", "title": "is skipped", "source": "s", "needs": ["control.close_listener"],
  "steps": [{"connect": "c"}]},
 {"id": "R-6", "title": "passes at last", "source": "s",
  "steps": [{"connect": "c"}, {"send": "f"}, {"expect": "good"}]},
 {"id": "R-7", "title": "cannot be judged", "source": "s",
  "steps": [{"connect": "c"}, {"shutdown": "c", "close_notify": "alone"}]})";

constexpr std::string_view kSuite =
    R"({{"suite": "readers", "encoding": "utf-8", "scenarios": [{}]}})";

constexpr std::string_view kProfile = R"({{"name": "<i>mine</i>", "address": "127.0.0.1:{}",
  "known_failures": {{"R-4": "ticket | <u>4</u> # SKIP @octocat"}}}})";

}  // namespace

std::string id_of(const std::string& name) { return name.substr(0, name.find(':')); }

void ReadersTest::SetUp() {
  if (python().empty()) GTEST_SKIP() << "there is no /usr/bin/python3";
  Command command;
  command.argv = {python(), dir_.write("server.py", kServer)};
  Program server(command);
  const auto profile =
      dir_.write("profile.json", fmt::format(kProfile, server.line_after("port ")));
  const auto suite = dir_.write("suites/a.json", fmt::format(kSuite, kScenarios));
  Words words{"run", suite, "--target", profile, "--retries", "1", "--jobs", "1"};
  for (const auto& report :
       {"junit=" + junit_, "junit:jenkins-xunit=" + xunit_, "tap=" + tap_, "tap:13=" + tap13_,
        "ctrf=" + ctrf_, "github=" + annotations_, "ndjson=" + log_, "json=" + json_,
        "html=" + html_, "pcapng=" + captures_})
    words.insert(words.end(), {"--report", report});
  const auto result = run_dialtone(
      words, {}, {{"GITHUB_WORKSPACE", dir_.path()}, {"GITHUB_STEP_SUMMARY", summary_}});
  ASSERT_EQ(result.exit_code, 1) << result.how << result.out << result.err;
  ASSERT_THAT(result.out, HasSubstr("2 passed (1 flaky), 1 failed, 1 warning, 1 error, "
                                    "1 known to fail, 1 skipped"));
}

}  // namespace dialtone
