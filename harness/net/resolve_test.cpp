#include "harness/net/resolve.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dialtone {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

ResolvedAddress resolved(const std::string& written) {
  auto result = resolve(written);
  EXPECT_TRUE(std::holds_alternative<ResolvedAddress>(result)) << written;
  return std::get<ResolvedAddress>(result);
}

std::string problem_of(const std::string& written) {
  const auto result = resolve(written);
  const auto* problem = std::get_if<std::string>(&result);
  return problem == nullptr ? "" : *problem;
}

TEST(ResolveTest, WhatIsAnAddressHasNoName) {
  for (const auto* written : {"127.0.0.1:7788", "[::1]:7788", "unix:/run/a.sock", "unix:@a"}) {
    const auto result = resolved(written);
    EXPECT_EQ(result.name, "");
    EXPECT_THAT(result.addresses, ElementsAre(*SocketAddress::parse(written)));
  }
}

TEST(ResolveTest, ANameHasAllItsAddressesOnce) {
  const auto result = resolved("localhost:7788");
  EXPECT_EQ(result.name, "localhost");
  EXPECT_THAT(result.addresses, Contains(SocketAddress::loopback_ipv4(7788)));
  for (const auto& address : result.addresses) {
    EXPECT_TRUE(address.is_loopback()) << address.to_string();
    EXPECT_EQ(std::ranges::count(result.addresses, address), 1);
  }
}

TEST(ResolveTest, WhatIsNoAddressIsSaid) {
  EXPECT_THAT(problem_of("nonsense"), AllOf(HasSubstr("write host:port"), HasSubstr("unix:")));
  EXPECT_THAT(problem_of("127.0.0.1:"), HasSubstr("write host:port"));
  EXPECT_THAT(problem_of("[::1]"), HasSubstr("write host:port"));
  EXPECT_THAT(problem_of("127.0.0.1:port"), HasSubstr("does not resolve"));
  EXPECT_THAT(problem_of("unix:"), HasSubstr("no address"));
  EXPECT_THAT(problem_of("unix:/" + std::string(107, 'x')), HasSubstr("at most 107"));
}

TEST(ResolveTest, APortOutsideOfItsRangeIsNoOther) {
  for (const auto* port : {"65536", "70000", "-1", "4294967297"})
    EXPECT_THAT(problem_of("localhost:" + std::string(port)), HasSubstr("from 0 to 65535"));
  EXPECT_EQ(resolved("localhost:65535").addresses.front().port(), 65535);
}

TEST(ResolveTest, SeveralAddressesAreShown) {
  const ResolvedAddress two{"localhost",
                            {*SocketAddress::parse("[::1]:1"), SocketAddress::loopback_ipv4(1)}};
  EXPECT_EQ(show_choice(two), "'localhost' is [::1]:1, 127.0.0.1:1");
  EXPECT_EQ(show_choice({"localhost", {SocketAddress::loopback_ipv4(1)}}), "");
}

}  // namespace
}  // namespace dialtone
