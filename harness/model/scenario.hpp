#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/charset.hpp"
#include "harness/model/clock.hpp"
#include "harness/model/diagnostic.hpp"

namespace dialtone {

class Step;       // what a verb does: harness/steps/step.hpp
struct StepSpec;  // what a verb is: harness/model/step_spec.hpp

enum class Level { kMust, kShould, kMay };
std::string_view name_of(Level level);
std::optional<Level> find_level(std::string_view name);

/// One step of a scenario, parsed.
struct PlannedStep {
  const StepSpec* spec;
  std::shared_ptr<const Step> step;
  std::string text;  ///< as the file has it, on one line: {"expect": "thank you !"}
  SourceLocation where;
  std::string label{};  ///< its number in the file: "3", "3.17.2" inside another step; may be empty
};

/// What the reference server speaks. The article's: one recv is a request, one reply, then close.
/// Line: requests and replies end in LF, any number of them on a connection.
/// Udp: each datagram is a request, and its reply is one.
enum class Personality { kArticle, kLine, kUdp };
std::string_view name_of(Personality personality);
std::optional<Personality> find_personality(std::string_view name);

/// How the reference server shall be set up for one scenario. Other endpoints are what they are.
struct ServerSetup {
  Personality personality = Personality::kArticle;
  bool once = false;  ///< exit after one client, as the article's script does
  bool any_address =
      false;  ///< bind 0.0.0.0, as `('', port)` does, in place of the loopback address
  bool whole_message = false;  ///< a request ends at the client's FIN, not with one recv
  bool own_process = false;    ///< run it as a program of its own, so that its end can be seen
  bool datagrams = false;      ///< answer datagrams on the same port number too
  bool tls = false;            ///< line: over TLS, with a certificate that the harness verifies
  bool client_certificate = false;     ///< over TLS: demand one of its clients
  bool closes_after_reply = false;     ///< line: one request a connection
  bool closes_on_bad_request = false;  ///< line: what is no request ends the connection, unanswered
  std::optional<Duration> idle_limit{};  ///< of a connection on which nothing comes
  std::optional<Duration> slow_limit{};  ///< of a request, from its first octet to its last
  int port = 0;  ///< the agreed port, on a loopback address of the scenario's own; 0: any free one
};

/// Why a scenario does not hold under variants of a kind; empty where it does.
struct NoVary {
  std::string segmentation{};  ///< those that cut what is sent
  std::string timing{};        ///< those that pause
};

struct Scenario {
  std::string id;
  std::string title;
  Level level = Level::kMust;
  std::string source;
  std::string note;   ///< for the reader: a trap, a limit
  std::string means;  ///< what a failure usually means in a server's code
  NoVary no_vary;
  std::string no_fault;  ///< why no fault of the server can break it; empty where one does
  std::vector<std::string> tags;
  std::set<std::string> needs;    ///< capabilities: its own, and those of its verbs
  std::set<std::string> must_if;  ///< capabilities that make a MUST of it, each alone
  std::string excluded;  ///< why the profile that it was read for rules it out; may be empty
  Encoding encoding = Encoding::kUtf8;  ///< that its octets are shown in
  Duration timeout{};                   ///< default budget of each of its steps
  bool ignore_leftover = false;         ///< octets that nobody expected do not fail it
  bool await_ready = true;              ///< a launched target must listen before the first step
  ServerSetup server;
  std::vector<PlannedStep> steps;
  std::vector<std::string> outline;  ///< its steps as the file has them, each on one line
  SourceLocation where;
};

struct Suite {
  std::string name;
  std::string title;
  std::string file;  ///< as the user named it, or found below the directory that the user named
  std::vector<Scenario> scenarios;
};

}  // namespace dialtone
