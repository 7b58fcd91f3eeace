#include "harness/runner/process_endpoint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "harness/runner/runner_test_support.hpp"

namespace dialtone {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::Optional;

class ProcessEndpointTest : public ::testing::Test {
 protected:
  static Launch launch(std::string script, Duration ready_within = seconds(20)) {
    const auto address = SocketAddress::loopback_ipv4(free_port(SocketAddress::loopback_ipv4(0)));
    return {
        {"/bin/sh", "-c", std::move(script)}, address, true, ready_within, SIGTERM, seconds(5), {}};
  }

  std::optional<std::string> start(ProcessEndpoint& endpoint) {
    std::optional<std::string> problem;
    const auto task = [&]() -> Task<> { problem = co_await endpoint.start(recorder); };
    loop.run(task());
    return problem;
  }
  std::optional<std::string> stop(ProcessEndpoint& endpoint) {
    std::optional<std::string> problem;
    const auto task = [&]() -> Task<> { problem = co_await endpoint.stop(); };
    loop.run(task());
    return problem;
  }

  ScenarioLoop loop;
  Recorder recorder;
};

TEST_F(ProcessEndpointTest, OneThatWasNeverStartedIsStopped) {
  ProcessEndpoint endpoint(loop.loop(), launch("true"));
  EXPECT_EQ(stop(endpoint), std::nullopt);
  EXPECT_EQ(endpoint.process(), nullptr);
}

TEST_F(ProcessEndpointTest, WithoutWaitingItNeedNotListen) {
  auto how = launch("exec sleep 600");
  how.await_ready = false;
  ProcessEndpoint endpoint(loop.loop(), how);
  EXPECT_EQ(start(endpoint), std::nullopt);
  EXPECT_NE(endpoint.process(), nullptr);
  EXPECT_EQ(stop(endpoint), std::nullopt);
}

TEST_F(ProcessEndpointTest, ASocketOfAnotherProgramDoesNotPassForItsOwn) {
  const PeerListener other;
  auto how = launch("exec sleep 600", milliseconds(300));
  how.address = other.address();
  ProcessEndpoint endpoint(loop.loop(), how);
  EXPECT_THAT(start(endpoint), Optional(HasSubstr("is taken")));
}

TEST_F(ProcessEndpointTest, AListenerOnAnotherLoopbackAddressDoesNotTakeThePort) {
  const PeerListener other;
  auto how = launch("exec sleep 600", milliseconds(200));
  how.address = *SocketAddress::from_host("127.0.0.77", other.address().port());
  ProcessEndpoint endpoint(loop.loop(), how);
  EXPECT_THAT(start(endpoint), Optional(HasSubstr("did not listen on 127.0.0.77")));
}

TEST_F(ProcessEndpointTest, AnUnknownControlIsSaid) {
  auto how = launch("exec sleep 600");
  how.await_ready = false;
  ProcessEndpoint endpoint(loop.loop(), how);
  start(endpoint);
  std::optional<std::string> problem;
  const auto task = [&]() -> Task<> {
    problem = co_await endpoint.control("close_listener", std::chrono::seconds(20));
  };
  loop.run(task());
  EXPECT_THAT(problem, Optional(HasSubstr("does not say how 'close_listener' is done")));
}

TEST_F(ProcessEndpointTest, OnlyTheEndOfWhatItPrintedIsQuoted) {
  ProcessEndpoint endpoint(loop.loop(),
                           launch("head -c 5000 /dev/zero | tr '\\0' a; echo THE END; exit 4"));
  const auto problem = start(endpoint);
  ASSERT_TRUE(problem.has_value());
  EXPECT_THAT(*problem, HasSubstr("THE END"));
  EXPECT_LT(problem->size(), 500U);
}

TEST_F(ProcessEndpointTest, WhatItPrintedIsEscaped) {
  ProcessEndpoint endpoint(loop.loop(), launch("printf '\\033[31mred' >&2; exit 4"));
  EXPECT_THAT(start(endpoint), Optional(::testing::Not(HasSubstr("\033"))));
}

}  // namespace
}  // namespace dialtone
