#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include "harness/net/connection.hpp"
#include "harness/net/loop_test_support.hpp"
#include "harness/net/tls_test_support.hpp"

namespace dialtone {
namespace {

using std::chrono::hours;
using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::Not;
using testing::VariantWith;

/// A Connection over TLS against a server's session on a blocking socket of this test.
class TlsConnectionTest : public LoopTest {
 protected:
  TlsConnectionTest() {
    auto made = TlsContext::make(trusting(pki.path("ca.pem")));
    context_ = std::get<std::shared_ptr<const TlsContext>>(made);
  }

  std::unique_ptr<TlsSession> client_session(const std::string& name = "localhost") {
    return TlsSession::client(context_->get(), {name, {}});
  }

  /// The server's side takes what has come, once something has, and answers.
  void serve_once() {
    char room[64 * 1024];
    const auto count = ::recv(pair.theirs.get(), room, sizeof room, 0);
    if (count > 0) server->receive({room, static_cast<std::size_t>(count)});
    push();
  }
  void push() { pair.say(server->take_outgoing()); }

  Handshake handshake(const std::string& name = "localhost", bool await_verdict = false) {
    then([this] { serve_once(); });
    return get(connection->handshake(client_session(name), in(hours(1)), await_verdict));
  }
  void connect() {
    ASSERT_THAT(handshake(), VariantWith<TlsEstablished>(testing::_));
    serve_once();  // the client's last flight
    ASSERT_TRUE(server->is_established());
  }

  Arrival next() { return get(connection->arrival(in(hours(1)))); }

  /// As the server's application sees it, and "|" where close_notify came, then "FIN" or "RST".
  std::string heard_by_peer() {
    char room[4096];
    ssize_t size = 0;
    while ((size = ::recv(pair.theirs.get(), room, sizeof room, 0)) > 0)
      server->receive({room, static_cast<std::size_t>(size)});
    auto heard = server->take_plaintext();
    if (server->has_close_notify()) heard += "|";
    return heard + (size == 0 ? "FIN" : "RST");
  }

  std::vector<std::string> told() const {
    std::vector<std::string> lines;
    for (const auto& event : recorder.transcript()) lines.push_back(describe(event.kind));
    return lines;
  }

  TestPki pki;
  std::unique_ptr<SSL_CTX, FreeContext> server_side =
      server_context(pki.issue("server", {"localhost", "DNS:localhost"}));
  std::unique_ptr<TlsSession> server = TlsSession::server(server_side.get());
  TcpPair pair;
  Recorder recorder;
  std::unique_ptr<Connection> connection = std::make_unique<Connection>(
      loop, recorder, "c", std::move(pair.ours), SocketAddress(), SocketAddress());

 private:
  std::shared_ptr<const TlsContext> context_;
};

TEST_F(TlsConnectionTest, TheTranscriptShowsOctetsOfTheApplicationAndWhatTlsIs) {
  connect();
  EXPECT_THAT(get(connection->send("ping", in(hours(1)))), VariantWith<AllSent>(testing::_));
  serve_once();
  EXPECT_EQ(server->take_plaintext(), "ping");
  ASSERT_TRUE(server->write("pong"));
  push();
  EXPECT_THAT(next(), VariantWith<DataArrived>(testing::_));
  EXPECT_EQ(connection->received(), "pong");
  EXPECT_THAT(told(), Contains(HasSubstr("TLS: TLSv1.3")));
  EXPECT_THAT(told(), Contains("sent 4 octets"));
  EXPECT_THAT(told(), Contains("received 4 octets"));
}

TEST_F(TlsConnectionTest, OctetsThatComeWithTheHandshakeAreNotLost) {
  ASSERT_THAT(handshake(), VariantWith<TlsEstablished>(testing::_));
  char room[4096];
  const auto count = ::recv(pair.theirs.get(), room, sizeof room, 0);
  server->receive({room, static_cast<std::size_t>(count)});
  ASSERT_TRUE(server->write("welcome"));
  server->close();
  push();
  pair.theirs.reset();
  EXPECT_THAT(next(), VariantWith<DataArrived>(testing::_));
  EXPECT_EQ(connection->received(), "welcome");
  EXPECT_THAT(next(), VariantWith<Ending>(Ending::kFin));
}

TEST_F(TlsConnectionTest, FinAfterCloseNotifyIsFin) {
  connect();
  server->close();
  push();
  pair.theirs.reset();
  EXPECT_THAT(next(), VariantWith<Ending>(Ending::kFin));
  EXPECT_THAT(told(), Contains("TLS alert received (warning): close notify"));
}

TEST_F(TlsConnectionTest, FinWithoutCloseNotifyIsTruncated) {
  connect();
  pair.theirs.reset();
  EXPECT_THAT(next(), VariantWith<Ending>(Ending::kTruncated));
  EXPECT_THAT(next(), VariantWith<Ending>(Ending::kTruncated));
}

TEST_F(TlsConnectionTest, CloseNotifyAloneIsNoEnding) {
  connect();
  server->close();
  push();
  auto seen = get(connection->arrival(in(std::chrono::milliseconds(50))));
  EXPECT_THAT(seen, Not(VariantWith<Ending>(testing::_)));
}

TEST_F(TlsConnectionTest, AResetStaysAReset) {
  connect();
  server->close();
  push();
  pair.reset();
  EXPECT_THAT(next(), VariantWith<Ending>(Ending::kReset));
}

TEST_F(TlsConnectionTest, OctetsThatAreNoTlsBreakIt) {
  connect();
  pair.say("plain text that is no record\r\n");
  EXPECT_THAT(next(), VariantWith<TlsBroken>(Field(&TlsBroken::reason, Not(testing::IsEmpty()))));
  EXPECT_EQ(connection->ended(), Ending::kTlsFailed);
}

TEST_F(TlsConnectionTest, CloseSendsCloseNotifyBeforeFin) {
  connect();
  get(connection->send("bye", in(hours(1))));
  connection->close();
  EXPECT_EQ(heard_by_peer(), "bye|FIN");
}

TEST_F(TlsConnectionTest, ShutdownSendsCloseNotifyAndGoesOnReading) {
  connect();
  EXPECT_EQ(connection->shutdown(), 0);
  EXPECT_EQ(heard_by_peer(), "|FIN");
  ASSERT_TRUE(server->write("late reply"));
  push();
  EXPECT_THAT(next(), VariantWith<DataArrived>(testing::_));
  EXPECT_EQ(connection->received(), "late reply");
  EXPECT_THAT(get(connection->send("x", in(hours(1)))), VariantWith<PeerGone>(testing::_));
}

TEST_F(TlsConnectionTest, ResetSendsNoCloseNotify) {
  connect();
  connection->reset();
  EXPECT_EQ(heard_by_peer(), "RST");
}

TEST_F(TlsConnectionTest, AWrongNameIsToldToBothSides) {
  const auto outcome = handshake("example.org");
  EXPECT_THAT(outcome,
              VariantWith<TlsRefused>(Field(&TlsRefused::reason, HasSubstr("hostname mismatch"))));
  connection->hang_up();
  EXPECT_EQ(heard_by_peer(), "FIN");
  EXPECT_EQ(server->problem(), "the peer's alert: bad certificate");
}

TEST_F(TlsConnectionTest, AFinDuringTheHandshakeIsToldAsSuch) {
  then([this] {
    char room[4096];
    ::recv(pair.theirs.get(), room, sizeof room, 0);
    pair.theirs.reset();
  });
  const auto outcome = get(connection->handshake(client_session(), in(hours(1)), false));
  EXPECT_THAT(outcome, VariantWith<TlsRefused>(Field(&TlsRefused::reason, HasSubstr("FIN"))));
}

TEST_F(TlsConnectionTest, AResetThatASendOfTheHandshakeMetIsNoFin) {
  pair.reset();
  const auto outcome = get(connection->handshake(client_session(), in(hours(1)), false));
  EXPECT_THAT(outcome,
              VariantWith<TlsRefused>(Field(&TlsRefused::reason,
                                            "the peer reset the connection during the handshake")));
}

TEST_F(TlsConnectionTest, APeerThatSaysNothingEndsTheHandshakeAtTheDeadline) {
  Handshake outcome = HarnessStalled{};
  while (std::holds_alternative<HarnessStalled>(outcome)) {  // a busy machine
    outcome =
        get(connection->handshake(client_session(), in(std::chrono::milliseconds(20)), false));
  }
  EXPECT_THAT(outcome,
              VariantWith<TlsRefused>(AllOf(Field(&TlsRefused::reason, HasSubstr("did not go on")),
                                            Field(&TlsRefused::timed_out, true))));
}

TEST_F(TlsConnectionTest, APeerThatMustSpeakFirstIsNotGone) {
  const std::unique_ptr<SSL_CTX, FreeContext> renegotiating(SSL_CTX_new(TLS_client_method()));
  RenegotiatingServer asking(server_side.get());
  const auto answer = [&] {
    char room[64 * 1024];
    const auto count = ::recv(pair.theirs.get(), room, sizeof room, 0);
    asking.receive({room, static_cast<std::size_t>(count)});
    pair.say(asking.take_outgoing());
  };
  then([&] {
    answer();
    then(answer);
  });
  auto session = TlsSession::client(renegotiating.get(), {"localhost", {}});
  ASSERT_THAT(get(connection->handshake(std::move(session), in(hours(1)), false)),
              VariantWith<TlsEstablished>(testing::_));
  asking.ask_again();
  pair.say(asking.take_outgoing());
  pollfd watched{.fd = connection->fd(), .events = POLLIN, .revents = 0};
  ASSERT_EQ(::poll(&watched, 1, 30'000), 1);
  connection->drain();
  EXPECT_THAT(get(connection->send("x", in(hours(1)))), VariantWith<LocalTrouble>(testing::_));
}

TEST_F(TlsConnectionTest, TheVerdictOnOurCertificateIsAwaitedWhereItIsAskedFor) {
  SSL_CTX_set_verify(server_side.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  server = TlsSession::server(server_side.get());
  then([this] {
    serve_once();
    then([this] { serve_once(); });
  });
  const auto outcome = get(connection->handshake(client_session(), in(hours(1)), true));
  EXPECT_THAT(outcome, VariantWith<TlsRefused>(
                           Field(&TlsRefused::reason, "the peer's alert: certificate required")));
}

TEST_F(TlsConnectionTest, ALargeSendWaitsForItsPeer) {
  connect();
  const Bytes large(3 << 20, 'x');
  std::size_t heard = 0;
  const auto listen = [&]() -> Task<> {
    while (heard < large.size()) {
      char room[64 * 1024];
      const auto count = ::recv(pair.theirs.get(), room, sizeof room, MSG_DONTWAIT);
      if (count > 0) server->receive({room, static_cast<std::size_t>(count)});
      heard += server->take_plaintext().size();
      co_await loop.sleep_until(Clock::now());
    }
  };
  asio::co_spawn(loop.executor(), listen(), [](const std::exception_ptr&) {});
  EXPECT_THAT(get(connection->send(large, in(hours(1)))), VariantWith<AllSent>(testing::_));
  while (heard < large.size()) get(connection->arrival(in(std::chrono::milliseconds(1))));
  EXPECT_EQ(heard, large.size());
}

}  // namespace
}  // namespace dialtone
