#include "harness/runner/external_target.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <ifaddrs.h>

#include <optional>

#include "harness/runner/runner_test_support.hpp"

namespace dialtone {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;

std::unique_ptr<Target> target_of(const std::string& address, bool has_socket_table = true,
                                  std::set<std::string> provides = {"request_reply"}) {
  auto made =
      make_external_target(external_profile(address, std::move(provides)), has_socket_table);
  EXPECT_TRUE(std::holds_alternative<std::unique_ptr<Target>>(made));
  return std::move(std::get<std::unique_ptr<Target>>(made));
}

std::string problem_of(const std::string& address) {
  const auto made = make_external_target(external_profile(address, {}), true);
  const auto* problem = std::get_if<std::string>(&made);
  return problem == nullptr ? "" : *problem;
}

TEST(ExternalTargetTest, ProvidesWhatItsAddressAllows) {
  EXPECT_EQ(target_of("127.0.0.1:7788")->provides(),
            with_ipv6_host({"local", "request_reply", "socket_table", "tcp"}));
  EXPECT_THAT(target_of("127.0.0.1:7788", false)->provides(), Not(Contains("socket_table")));
  EXPECT_EQ(target_of("192.0.2.1:7788")->provides(), with_ipv6_host({"request_reply", "tcp"}));
}

/// An address of this host that is no loopback address; nullopt where it has none.
std::optional<SocketAddress> own_address() {
  ifaddrs* all = nullptr;
  if (::getifaddrs(&all) != 0) return std::nullopt;
  std::optional<SocketAddress> found;
  for (const auto* each = all; each != nullptr && !found; each = each->ifa_next) {
    if (each->ifa_addr == nullptr || each->ifa_addr->sa_family != AF_INET) continue;
    found = SocketAddress::from_sockaddr(each->ifa_addr, sizeof(sockaddr_in));
    if (found->is_loopback()) found.reset();
  }
  ::freeifaddrs(all);
  return found;
}

TEST(ExternalTargetTest, AnotherAddressOfThisHostIsLocalWhereThatIsSaidAndSomebodyListensThere) {
  const auto own = own_address();
  if (!own) GTEST_SKIP() << "this host has loopback addresses only";
  const PeerListener listener(8, own->with_port(0));
  const auto at = listener.address().to_string();
  EXPECT_EQ(target_of(at)->provides(), with_ipv6_host({"request_reply", "tcp"}));
  EXPECT_EQ(target_of(at, true, {"local"})->provides(),
            with_ipv6_host({"local", "socket_table", "tcp"}));
  EXPECT_EQ(target_of(own->with_port(1).to_string())->provides(),
            with_ipv6_host({"request_reply", "tcp"}));
}

TEST(ExternalTargetTest, NamesAreResolved) {
  ScenarioLoop loop;
  const auto suite = suite_of(R"({"pause": "1ms"})");
  const auto endpoint =
      target_of("localhost:7788")->acquire(loop.loop(), suite->scenarios[0], "127.0.0.1");
  EXPECT_TRUE(endpoint->address().is_loopback());
  EXPECT_EQ(endpoint->address().port(), 7788);
}

/// What the transcript says of the target.
std::string note_of(Target& target) {
  ScenarioLoop loop;
  const auto result = loop.run(suite_of(R"({"pause": "1ms"})"), target);
  for (const auto& event : result.transcript) {
    if (const auto* note = std::get_if<Noted>(&event.kind)) return note->text;
  }
  return "";
}

TEST(ExternalTargetTest, TheAddressThatANameStandsForIsSaid) {
  const auto target = target_of("localhost:7788");
  EXPECT_THAT(note_of(*target), AllOf(HasSubstr("'localhost'"), HasSubstr(":7788")));
  EXPECT_EQ(note_of(*target_of("127.0.0.1:7788")), "target 127.0.0.1:7788");
}

// A server on 127.0.0.1 only is called "localhost" all the same, whichever address comes first.
TEST(ExternalTargetTest, OfANamesAddressesTheOneWithAListenerIsTaken) {
  const PeerListener listener;
  const auto port = listener.address().port();
  const auto first = *SocketAddress::from_host("::1", port);
  const auto choice = choose_address({"somewhere", {first, listener.address()}});
  EXPECT_EQ(choice.address, listener.address());
  EXPECT_THAT(choice.note,
              AllOf(HasSubstr("target " + listener.address().to_string()),
                    HasSubstr("'somewhere' is [::1]:"), HasSubstr("somebody listens on this one")));
}

TEST(ExternalTargetTest, OfANamesAddressesTheFirstIsTakenWhereNobodyListens) {
  const std::vector both{*SocketAddress::parse("[::1]:1"), SocketAddress::loopback_ipv4(1)};
  const auto choice = choose_address({"somewhere", both});
  EXPECT_EQ(choice.address, both.front());
  EXPECT_THAT(choice.note, HasSubstr("the first one is used"));
}

TEST(ExternalTargetTest, AUnixSocketIsNotInTheTableOfSockets) {
  EXPECT_EQ(target_of("unix:/run/a.sock")->provides(), with_ipv6_host({"local", "request_reply"}));
}

TEST(ExternalTargetTest, AnIpv6AddressIsCalled) {
  const auto loopback = *SocketAddress::from_host("::1", 0);
  if (family_trouble(loopback)) GTEST_SKIP() << *family_trouble(loopback);
  PeerListener listener(8, loopback);
  const auto target = target_of(listener.address().to_string());
  EXPECT_THAT(target->provides(), Contains("socket_table"));
  ScenarioLoop loop;
  const auto result = loop.run(
      suite_of(R"({"connect": "c"}, {"expect_socket": "c", "state": "ESTABLISHED"})"), *target);
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(ExternalTargetTest, WhatIsNoAddressIsSaid) {
  EXPECT_THAT(problem_of("nonsense"), HasSubstr("write host:port"));
  EXPECT_THAT(problem_of("127.0.0.1:"), HasSubstr("write host:port"));
  EXPECT_THAT(problem_of("127.0.0.1:port"), HasSubstr("does not resolve"));
  EXPECT_THAT(problem_of("127.0.0.1:0"), HasSubstr("nobody can listen on port 0"));
}

TEST(ExternalTargetTest, AnAddressWithoutAPortIsSaid) {
  Profile profile;
  profile.name = "nobody's";
  profile.address = std::get<Template>(Template::parse("127.0.0.1:${port}"));
  const auto made = make_external_target(profile, true);
  ASSERT_TRUE(std::holds_alternative<std::string>(made));
  EXPECT_THAT(std::get<std::string>(made), HasSubstr("needs a port"));
}

TEST(ExternalTargetTest, IsRunOneAtATimeUnlessItsProfileSaysMore) {
  EXPECT_EQ(target_of("127.0.0.1:1")->concurrency(), 1);
}

TEST(ExternalTargetTest, HasNoControls) {
  const auto target = target_of("127.0.0.1:1");
  ScenarioLoop loop;
  const auto result = loop.run(suite_of(R"({"control": "close_listener"})"), *target);
  EXPECT_EQ(outcome_of(result), "error ControlFailed");
}

TEST(ExternalTargetTest, IsCalledAtItsAddress) {
  PeerListener listener;
  const auto target = target_of(listener.address().to_string());
  ScenarioLoop loop;
  EXPECT_EQ(outcome_of(loop.run(suite_of(R"({"connect": "c"})"), *target)), "pass");
}

TEST(CommandLineTest, TheAddressIsFilledIn) {
  const auto word = [](std::string_view text) { return std::get<Template>(Template::parse(text)); };
  EXPECT_THAT(command_line({word("a"), word("${host}"), word("-p${port}"), word("${address}")},
                           SocketAddress::loopback_ipv4(7)),
              ElementsAre("a", "127.0.0.1", "-p7", "127.0.0.1:7"));
  Profile profile;
  profile.programs["client"] = {{word("dial"), word("${port}")},
                                {{"SERVER", word("${host}:${port}")}, {"EMPTY", {}}},
                                word("/tmp/${port}")};
  const auto program = program_of(profile, "client", SocketAddress::loopback_ipv4(9));
  ASSERT_TRUE(program);
  EXPECT_THAT(program->argv, ElementsAre("dial", "9"));
  EXPECT_THAT(program->environment, ElementsAre(Pair("EMPTY", ""), Pair("SERVER", "127.0.0.1:9")));
  EXPECT_EQ(program->directory, "/tmp/9");
  EXPECT_FALSE(program->input);
  EXPECT_FALSE(program_of(profile, "server", SocketAddress::loopback_ipv4(9)));
}

}  // namespace
}  // namespace dialtone
