// Unix sockets: how a connect to one fails, how its connections end, and who listens.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "harness/net/dial.hpp"
#include "harness/net/listener.hpp"
#include "harness/net/loop_test_support.hpp"
#include "harness/net/unix_table.hpp"

namespace dialtone {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::SizeIs;

using Link = std::unique_ptr<Connection>;

class UnixSocketTest : public LoopTest {
 protected:
  UnixSocketTest() {
    std::string name = std::filesystem::temp_directory_path() / "unix_socket.XXXXXX";
    folder_ = ::mkdtemp(name.data());
  }
  ~UnixSocketTest() override { std::filesystem::remove_all(folder_); }

  SocketAddress at(const std::string& name) const {
    return *SocketAddress::unix_socket((folder_ / name).string());
  }

  Listener& listen(const SocketAddress& address, int backlog = 8) {
    auto opened = Listener::open(address, backlog);
    EXPECT_TRUE(opened.ok()) << opened.error().text;
    listeners_.push_back(std::make_unique<Listener>(loop, std::move(opened.value())));
    return *listeners_.back();
  }

  Dialed call(const SocketAddress& to, Duration budget = seconds(20)) {
    return get(dial(loop, recorder, {"c", to, std::nullopt}, in(budget)));
  }

  static std::optional<ConnectOutcome> failure(const Dialed& dialed) {
    const auto* failed = std::get_if<NotConnected>(&dialed);
    return failed == nullptr ? std::nullopt : std::optional(failed->outcome);
  }

  /// A connection, and the other end of it.
  std::pair<Link, UniqueFd> pair(Listener& listener) {
    auto link = std::move(std::get<Link>(call(listener.local())));
    auto accepted = get(listener.accept(Clock::now() + seconds(20)));
    return {std::move(link), std::move(std::get<AcceptedSocket>(accepted).fd)};
  }

  std::filesystem::path folder_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  Recorder recorder;
};

class UnixSocketNames : public UnixSocketTest, public ::testing::WithParamInterface<const char*> {
 protected:
  SocketAddress address() const {
    return *GetParam() == '@' ? *SocketAddress::unix_socket(
                                    fmt::format("{}.dialtone-test.{}", GetParam(), ::getpid()))
                              : at(GetParam());
  }
};

TEST_P(UnixSocketNames, AreConnectedTo) {
  auto& listener = listen(address());
  EXPECT_EQ(listener.local(), address());
  const auto [link, peer] = pair(listener);
  EXPECT_EQ(link->peer(), address());
  EXPECT_EQ(link->local().to_string(), "unix:");
  const auto& event = recorder.transcript().back();
  EXPECT_EQ(std::get<Connected>(event.kind).peer, address().to_string());
}

TEST_P(UnixSocketNames, AreSeenWhileTheyListen) {
  auto& listener = listen(address());
  const auto own = unix_listeners_of(::getpgrp());
  ASSERT_TRUE(own.ok()) << own.error().text;
  const auto here = [&](const UnixListener& seen) { return is_at(seen, address()); };
  EXPECT_TRUE(std::ranges::any_of(own.value(), here));
  listener.close();
  EXPECT_TRUE(std::ranges::none_of(unix_listeners_of(::getpgrp()).value(), here));
}

TEST_P(UnixSocketNames, AreFreeAgainOnceTheirListenerHasGone) {
  listen(address()).close();
  EXPECT_THAT(failure(call(address())), Optional(ConnectOutcome::kRefused));
  listen(address());
  EXPECT_TRUE(std::holds_alternative<Link>(call(address())));
}

INSTANTIATE_TEST_SUITE_P(Both, UnixSocketNames, ::testing::Values("a.sock", "@a"),
                         [](const auto& each) {
                           return *each.param == '@' ? std::string("Abstract") : "Path";
                         });

TEST_F(UnixSocketTest, APathThatDoesNotExistRefuses) {
  const auto dialed = call(at("nobody"));
  EXPECT_THAT(failure(dialed), Optional(ConnectOutcome::kRefused));
  EXPECT_EQ(std::get<NotConnected>(dialed).error, ENOENT);
}

TEST_F(UnixSocketTest, AFileThatWasLeftBehindRefuses) {
  Listener::open(at("left"), 1);  // its descriptor is closed at once, and its file stays
  const auto dialed = call(at("left"));
  EXPECT_THAT(failure(dialed), Optional(ConnectOutcome::kRefused));
  EXPECT_EQ(std::get<NotConnected>(dialed).error, ECONNREFUSED);
}

TEST_F(UnixSocketTest, AFullQueueIsATimeOut) {
  listen(at("full"), 0);
  const auto waiting = call(at("full"));
  auto dialed = call(at("full"), milliseconds(50));
  while (std::holds_alternative<HarnessStalled>(dialed))  // a busy machine
    dialed = call(at("full"), milliseconds(50));
  EXPECT_THAT(failure(dialed), Optional(ConnectOutcome::kTimeout));
  EXPECT_EQ(std::get<NotConnected>(dialed).error, 0);
}

TEST_F(UnixSocketTest, AQueueThatHasRoomInTimeConnects) {
  auto& listener = listen(at("full"), 0);
  const auto waiting = call(at("full"));
  then([&] { ::close(::accept4(listener.fd(), nullptr, nullptr, SOCK_CLOEXEC)); });
  EXPECT_TRUE(std::holds_alternative<Link>(call(at("full"))));
}

TEST_F(UnixSocketTest, ASocketOfAnotherTypeIsOurOwnTrouble) {
  auto datagrams = UniqueFd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto address = at("datagrams");
  ASSERT_EQ(::bind(datagrams.get(), address.data(), address.size()), 0);
  const auto wrong = call(address);
  ASSERT_TRUE(std::holds_alternative<LocalTrouble>(wrong));
  EXPECT_EQ(std::get<LocalTrouble>(wrong).error, EPROTOTYPE);
  EXPECT_THAT(std::get<LocalTrouble>(wrong).call, HasSubstr(address.to_string()));
}

TEST_F(UnixSocketTest, AnAddressThatIsTakenIsSaid) {
  listen(at("taken"));
  const auto second = Listener::open(at("taken"), 1);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, EADDRINUSE);
  EXPECT_THAT(second.error().text, HasSubstr(at("taken").to_string()));
}

TEST_F(UnixSocketTest, APeerThatClosesEndsWithFin) {
  auto [link, peer] = pair(listen(at("a")));
  ASSERT_EQ(::send(peer.get(), "bye", 3, MSG_NOSIGNAL), 3);
  peer.reset();
  EXPECT_TRUE(std::holds_alternative<DataArrived>(get(link->arrival(in(seconds(20))))));
  EXPECT_EQ(link->received(), "bye");
  EXPECT_EQ(std::get<Ending>(get(link->arrival(in(seconds(20))))), Ending::kFin);
}

TEST_F(UnixSocketTest, APeerThatClosesWithOctetsUnreadResets) {
  auto [link, peer] = pair(listen(at("a")));
  EXPECT_TRUE(std::holds_alternative<AllSent>(get(link->send("unread", in(seconds(20))))));
  peer.reset();
  EXPECT_EQ(std::get<Ending>(get(link->arrival(in(seconds(20))))), Ending::kReset);
}

TEST_F(UnixSocketTest, ASendAfterThePeersEndFindsItGone) {
  auto [link, peer] = pair(listen(at("a")));
  peer.reset();
  const auto sent = get(link->send("too late", in(seconds(20))));
  ASSERT_TRUE(std::holds_alternative<PeerGone>(sent));
  EXPECT_EQ(std::get<PeerGone>(sent).error, EPIPE);
}

TEST_F(UnixSocketTest, OurResetNeedsOctetsThatWereNotRead) {
  auto [link, peer] = pair(listen(at("a")));
  EXPECT_FALSE(link->can_reset());
  ASSERT_EQ(::send(peer.get(), "unread", 6, MSG_NOSIGNAL), 6);
  EXPECT_TRUE(link->can_reset());
  link->reset();
  char octet = 0;
  EXPECT_EQ(::recv(peer.get(), &octet, 1, 0), -1);
  EXPECT_EQ(errno, ECONNRESET);
}

TEST(UnixTableTest, OnlyListeningStreamSocketsAreTaken) {
  const auto found = unix_listeners_in(
      "Num       RefCount Protocol Flags    Type St Inode Path\n"
      "ffff8880: 00000002 00000000 00010000 0001 01 12345 /run/a b.sock\n"
      "ffff8880: 00000002 00000000 00010000 0005 01 12346 /run/seqpacket\n"
      "ffff8880: 00000002 00000000 00000000 0001 01 12347 /run/bound\n"
      "ffff8880: 00000003 00000000 00000000 0001 03 12348\n"
      "ffff8880: 00000002 00000000 00010000 0001 01 12349 @abstract\n"
      "ffff8880: 00000002 00000000 00010000\n");
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[0].name, "/run/a b.sock");
  EXPECT_EQ(found[0].inode, 12345U);
  EXPECT_EQ(found[1].name, "@abstract");
  EXPECT_THAT(unix_listeners_in(""), IsEmpty());
}

TEST_F(UnixSocketTest, AFileIsItselfUnderEveryName) {
  listen(at("a"));
  listen(at("b"));
  EXPECT_TRUE(is_at({folder_.string() + "/./a", 1}, at("a")));
  EXPECT_FALSE(is_at({folder_.string() + "/./b", 1}, at("a")));
  EXPECT_FALSE(is_at({"@a", 1}, *SocketAddress::unix_socket("/a")));
  EXPECT_TRUE(is_at({"@a", 1}, *SocketAddress::unix_socket("@a")));
}

}  // namespace
}  // namespace dialtone
