#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "harness/net/tls_context.hpp"
#include "harness/net/tls_identity.hpp"
#include "harness/net/tls_session.hpp"
#include "harness/steps/step_test_support.hpp"

/// expect_eof against servers that end TLS, and TCP later.
namespace dialtone {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

/// The server's side of TLS on a peer's socket.
class TlsPeer {
 public:
  TlsPeer(PeerSocket& socket, SSL_CTX* context)
      : socket_(&socket), session_(TlsSession::server(context)) {
    await([this] { return session_->is_established(); });
  }

  /// Takes what comes until it is as wanted; throws where the other side ends before.
  void await(const std::function<bool()>& wanted) {
    while (!wanted()) {
      char room[4096];
      const auto count = ::recv(socket_->fd(), room, sizeof room, 0);
      if (count <= 0) throw std::runtime_error("the harness ended");
      session_->receive({room, static_cast<std::size_t>(count)});
      socket_->send(session_->take_outgoing());
    }
  }
  void await_close_notify() {
    await([this] { return session_->has_close_notify(); });
  }
  void await_octets(std::size_t count) {
    std::string heard;
    await([&] { return (heard += session_->take_plaintext()).size() >= count; });
  }
  void end_tls() {
    session_->close();
    socket_->send(session_->take_outgoing());
  }

 private:
  PeerSocket* socket_;
  std::unique_ptr<TlsSession> session_;
};

using TlsScript = std::function<void(PeerSocket&, TlsPeer&, ScenarioLoop&)>;

ScenarioResult run_tls(const TlsScript& script, std::string_view steps) {
  const auto identity = RunAuthority::get().issue("127.0.0.1");
  TlsServing serving;
  serving.identity = &identity;
  const auto context = std::get<std::shared_ptr<const TlsContext>>(TlsContext::make(serving));
  const auto suite = suite_of(steps);
  return unless_too_busy([&] {
    ScenarioLoop loop;
    PeerListener listener;
    const auto target = target_at(listener.address());
    target->set_tls(
        {TlsContext::make(RunAuthority::get().identity(), RunAuthority::get().issue(Subject{"me"})),
         "127.0.0.1"});
    const std::jthread played([&] {
      auto peer = listener.accept();
      TlsPeer tls(peer, context->get());
      script(peer, tls, loop);
    });
    return loop.run(suite, *target);
  });
}

std::vector<std::string> told(const ScenarioResult& result) {
  std::vector<std::string> lines;
  for (const auto& event : result.transcript) lines.push_back(describe(event.kind));
  return lines;
}

/// Waits for ours before its FIN, as RFC 5246 section 7.2.1 lets it, and Python's unwrap() does.
void wait_for_ours(PeerSocket& peer, TlsPeer& tls, ScenarioLoop&) {
  tls.end_tls();
  tls.await_close_notify();
  peer.close();
}

class CloseNotifyTest : public ::testing::TestWithParam<const char*> {};

TEST_P(CloseNotifyTest, APeerThatWaitsForOursBeforeItsFinIsAnswered) {
  const auto result = run_tls(wait_for_ours, fmt::format(R"({{"connect": "c", "tls_version": "{}"}},
                                            {{"expect_eof": "c", "within": "10s"}})",
                                                         GetParam()));
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  EXPECT_THAT(told(result), Contains(HasSubstr("close_notify has come, and no FIN")));
  EXPECT_THAT(told(result), Contains(HasSubstr("TLS alert sent (warning): close notify")));
}

INSTANTIATE_TEST_SUITE_P(Each, CloseNotifyTest, ::testing::Values("1.2", "1.3"),
                         [](const auto& each) {
                           return std::string(each.param) == "1.2" ? "Tls12" : "Tls13";
                         });

TEST(CloseNotifyAnswerTest, AFinThatFollowsAtOnceIsNotAnswered) {
  const auto result = run_tls(
      [](PeerSocket& peer, TlsPeer& tls, ScenarioLoop&) {
        tls.end_tls();
        peer.close();
      },
      R"({"connect": "c"}, {"expect_eof": "c", "within": "10s"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  EXPECT_THAT(told(result), Not(Contains(HasSubstr("close_notify has come, and no FIN"))));
}

TEST(CloseNotifyAnswerTest, WithoutFinAllTheSameItIsAFailure) {
  const auto result = run_tls(
      [](PeerSocket&, TlsPeer& tls, ScenarioLoop& loop) {
        tls.end_tls();
        loop.await_end();
      },
      R"({"connect": "c"}, {"expect_eof": "c", "within": "1s"})");
  EXPECT_EQ(outcome_of(result), "fail Timeout");
  EXPECT_THAT(result.problem.message,
              HasSubstr("close_notify had come, and so had ours gone, but no FIN came"));
}

// Ours may be all that it left unread.
TEST(CloseNotifyAnswerTest, AResetBehindOursIsNoVerdict) {
  const auto result = run_tls(
      [](PeerSocket& peer, TlsPeer& tls, ScenarioLoop&) {
        tls.end_tls();
        char octet = 0;
        if (::recv(peer.fd(), &octet, 1, MSG_PEEK) == 1) peer.close();
      },
      R"({"connect": "c"}, {"expect_eof": "c", "within": "10s"})");
  EXPECT_EQ(outcome_of(result), "error NotObservable") << result.problem.message;
}

TEST(CloseNotifyAnswerTest, AResetBeforeOursIsAFailure) {
  const auto result = run_tls(
      [](PeerSocket& peer, TlsPeer& tls, ScenarioLoop&) {
        tls.await_octets(2);  // before that it could still be the handshake's outcome
        tls.end_tls();
        peer.reset();
      },
      R"({"connect": "c"}, {"send": "go"}, {"expect_eof": "c", "within": "10s"})");
  EXPECT_EQ(outcome_of(result), "fail UnexpectedReset") << result.problem.message;
}

TEST(CloseNotifyAnswerTest, ATruncatedStreamStaysOne) {
  const auto result = run_tls([](PeerSocket& peer, TlsPeer&, ScenarioLoop&) { peer.close(); },
                              R"({"connect": "c"}, {"expect_eof": "c", "within": "10s"})");
  EXPECT_EQ(outcome_of(result), "fail TruncatedStream") << result.problem.message;
}

}  // namespace
}  // namespace dialtone
