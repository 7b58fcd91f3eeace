#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <set>
#include <utility>
#include <vector>

#include "harness/model/duration.hpp"
#include "harness/model/step_reader.hpp"
#include "harness/net/ephemeral_ports.hpp"
#include "harness/net/process_sockets.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/session.hpp"
#include "harness/steps/verbs.hpp"
#include "harness/steps/within.hpp"

namespace dialtone {
namespace {

constexpr std::array<std::string_view, 2> kSides{"own", "peer"};
constexpr std::array<std::string_view, 2> kPorts{"ephemeral", "fixed"};
constexpr std::array<std::string_view, 12> kStates{
    "ESTABLISHED", "SYN_SENT",   "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT",
    "CLOSE",       "CLOSE_WAIT", "LAST_ACK", "LISTEN",    "CLOSING",   "GONE"};
constexpr std::array<std::string_view, 3> kDistinct{"sockets", "ports", "peers"};

/// What must be seen.
struct Wanted {
  std::vector<std::string> states;
  std::optional<int> unread;
  std::optional<int> backlog;
  std::optional<int> waiting;
  std::string port;
  std::string distinct;
  std::string bound_to;
  bool accepted;
  bool owned;
  std::optional<bool> keepalive;
};

using Row = std::optional<SocketRow>;

std::string_view state_of(const Row& row) { return row ? name_of(row->state) : "GONE"; }

/// "GONE", "ESTABLISHED, 3 octets unread, not accepted"
std::string show(const Row& row) {
  if (!row) return std::string(state_of(row));
  if (row->state == TcpState::kListen) {
    return fmt::format("LISTEN on {}, backlog {}, {} waiting", row->local.to_string(),
                       row->send_queue, row->receive_queue);
  }
  return fmt::format("{} {} -> {}, {} octets unread, {}, timer {}", name_of(row->state),
                     row->local.to_string(), row->peer.to_string(), row->receive_queue,
                     row->inode == 0 ? "no program holds it" : "held by a program",
                     name_of(row->timer));
}

std::string show(const std::vector<Row>& rows) {
  std::vector<std::string> lines;
  lines.reserve(rows.size());
  for (const auto& row : rows) lines.push_back(show(row));
  return fmt::format("{}", fmt::join(lines, "; "));
}

class ExpectSocket : public Step {
 public:
  explicit ExpectSocket(StepReader& reader)
      : names_(reader.connections("expect_socket")),
        peer_side_(reader.text_or("side", "own") == "peer"),
        within_(read_within(reader)),
        wanted_{reader.choices("state"),
                {},
                {},
                {},
                reader.text_or("port", ""),
                reader.text_or("distinct", ""),
                reader.text_or("bound_to", ""),
                reader.flag("accepted"),
                reader.flag("owned"),
                {}} {
    if (reader.has("listening")) wanted_.states = {reader.flag("listening") ? "LISTEN" : "GONE"};
    if (reader.has("keepalive")) wanted_.keepalive = reader.flag("keepalive");
    if (reader.has("unread")) wanted_.unread = reader.integer("unread", 0);
    if (reader.has("backlog")) wanted_.backlog = reader.integer("backlog", 0);
    if (reader.has("waiting")) wanted_.waiting = reader.integer("waiting", 0);
  }

  Task<StepOutcome> run(Session& session) const override {
    const auto deadline = session.deadline(within_);
    std::vector<Row> rows;
    std::optional<OsError> refused;
    const bool seen = co_await session.poll(deadline, [&] {
      const auto before = std::exchange(rows, {});
      for (const auto& name : names_) {
        const auto row = look(session, name);
        if (!row.ok()) refused = row.error();
        rows.push_back(row.ok() ? row.value() : std::nullopt);
      }
      note_passed(session, before, rows);
      const bool as_wanted = holds(session, rows, refused);
      return refused || as_wanted;
    });
    if (refused) co_return impossible("LocalTrouble", refused->text);
    for (const auto& row : rows) session.recorder().note("kernel: " + show(row));
    if (seen) co_return Passed{};
    if (deadline.spoilt(session.loop()))
      co_return stalled({deadline.stalled(session.loop())}, deadline);
    const auto actual = show(rows);
    co_return failed("SocketState",
                     fmt::format("the kernel did not show what was expected within {}: {}",
                                 format_duration(deadline.budget()), actual),
                     wanted_text(), actual);
  }

 private:
  /// The states that a socket went through while it was watched are evidence too.
  static void note_passed(Session& session, const std::vector<Row>& before,
                          const std::vector<Row>& now) {
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (state_of(before[i]) != state_of(now[i]))
        session.recorder().note("kernel: " + show(before[i]));
    }
  }

  OsResult<Row> look(Session& session, const std::string& name) const {
    if (name == "target") return listening(session, session.endpoint().address());
    if (session.has_listener(name)) return listening(session, session.listener(name).local());
    const auto& connection = session.connection(name);
    if (connection.peer().port() == 0) return listening(session, connection.local());
    return peer_side_ ? session.socket_table().find(connection.peer(), connection.local())
                      : session.socket_table().find(connection.local(), connection.peer());
  }

  /// The listener that takes connections for `where`: bound to it, or else to every address.
  static OsResult<Row> listening(Session& session, const SocketAddress& where) {
    const auto address = where.unmapped();
    if (address.port() == 0) return unlisted(address);
    const auto listeners = session.socket_table().listeners(address.port());
    if (!listeners.ok()) return listeners.error();
    const auto& rows = listeners.value();
    const auto exact = std::ranges::find(rows, address, &SocketRow::local);
    if (exact != rows.end()) return Row(*exact);
    const auto wide =
        std::ranges::find_if(rows, [&](const SocketRow& row) { return takes(row, address); });
    return wide == rows.end() ? Row() : Row(*wide);
  }

  /// Nobody can be told from everybody there.
  static OsError unlisted(const SocketAddress& address) {
    const auto* why = address.is_unix() ? "the kernel's table is that of TCP, and shows no"
                                        : "without a port the kernel's table of TCP shows no";
    return {EINVAL, fmt::format("{} {}", why, address.to_string())};
  }

  /// `refused` is set where the kernel does not tell.
  bool holds(Session& session, const std::vector<Row>& rows,
             std::optional<OsError>& refused) const {
    const bool each =
        std::ranges::all_of(rows, [&](const Row& row) { return holds_one(session, row, refused); });
    return each && are_distinct(rows);
  }

  bool holds_one(Session& session, const Row& row, std::optional<OsError>& refused) const {
    if (!right_state(row)) return false;
    if (!row) return true;
    return holds_numbers(*row) && (!wanted_.accepted || row->inode != 0) &&
           (!wanted_.owned || is_owned(session, *row, refused)) &&
           (wanted_.bound_to.empty() || row->local.host() == wanted_.bound_to);
  }

  bool right_state(const Row& row) const {
    if (wanted_.states.empty()) return row.has_value();
    return std::ranges::find(wanted_.states, state_of(row)) != wanted_.states.end();
  }

  /// Another timer may hide the keepalive timer.
  bool right_timer(const SocketRow& row) const {
    if (!wanted_.keepalive) return true;
    return row.timer == (*wanted_.keepalive ? SocketTimer::kKeepalive : SocketTimer::kOff);
  }

  bool holds_numbers(const SocketRow& row) const {
    const auto equal = [](const std::optional<int>& wanted, std::uint32_t seen) {
      return !wanted || static_cast<std::uint32_t>(*wanted) == seen;
    };
    const bool right_port =
        wanted_.port.empty() || is_ephemeral(row.local.port()) == (wanted_.port == "ephemeral");
    return right_port && right_timer(row) && equal(wanted_.unread, row.receive_queue) &&
           equal(wanted_.backlog, row.send_queue) && equal(wanted_.waiting, row.receive_queue);
  }

  static bool is_owned(Session& session, const SocketRow& row, std::optional<OsError>& refused) {
    auto* process = session.endpoint().process();
    if (process == nullptr) return row.inode != 0;
    const auto rows = listeners_of(session.socket_table(), process->pid(), row.local.port());
    if (!rows.ok()) {
      refused = rows.error();
      return false;
    }
    return std::ranges::any_of(rows.value(),
                               [&](const SocketRow& own) { return own.inode == row.inode; });
  }

  bool are_distinct(const std::vector<Row>& rows) const {
    if (wanted_.distinct.empty()) return true;
    std::set<std::string> seen;
    for (const auto& row : rows) {
      if (!row) return false;
      const auto key = wanted_.distinct == "sockets" ? std::to_string(row->inode)
                       : wanted_.distinct == "ports" ? std::to_string(row->local.port())
                                                     : row->peer.to_string();
      if (!seen.insert(key).second) return false;
    }
    return true;
  }

  std::string wanted_text() const {
    std::vector<std::string> parts;
    if (!wanted_.states.empty())
      parts.push_back(fmt::format("state {}", fmt::join(wanted_.states, " or ")));
    if (wanted_.unread) parts.push_back(fmt::format("{} octets unread", *wanted_.unread));
    if (wanted_.backlog) parts.push_back(fmt::format("backlog {}", *wanted_.backlog));
    if (wanted_.waiting) parts.push_back(fmt::format("{} waiting for accept", *wanted_.waiting));
    if (wanted_.keepalive)
      parts.emplace_back(*wanted_.keepalive ? "its keepalive timer runs" : "no keepalive timer");
    if (wanted_.accepted) parts.emplace_back("accepted by a program");
    if (wanted_.owned) parts.emplace_back("owned by the target");
    if (!wanted_.bound_to.empty()) parts.push_back(fmt::format("bound to {}", wanted_.bound_to));
    if (!wanted_.port.empty()) parts.push_back(fmt::format("local port {}", wanted_.port));
    if (!wanted_.distinct.empty())
      parts.push_back(fmt::format("{} all different", wanted_.distinct));
    return parts.empty() ? std::string("a socket") : fmt::format("{}", fmt::join(parts, ", "));
  }

  std::vector<std::string> names_;
  bool peer_side_;
  std::optional<Duration> within_;
  Wanted wanted_;
};

std::shared_ptr<const Step> parse_expect_socket(StepReader& reader) {
  if (reader.has("listening") && reader.has("state"))
    reader.report("listening", "'state' says that already");
  return std::make_shared<ExpectSocket>(reader);
}

constexpr std::array kFields{
    Field{"expect_socket", FieldType::kSeenConnections,
          "what to look at; \"target\" is its listening socket", true},
    Field{"side", FieldType::kChoice,
          "whose socket: our \"own\" (by default), or the \"peer\"'s on this host", false, kSides},
    Field{"state", FieldType::kChoices, "one of these states; by default any, but not GONE", false,
          kStates},
    Field{"unread", FieldType::kInteger, "octets that were received and not read"},
    Field{"backlog", FieldType::kInteger, "as listen(2) was given it"},
    Field{"waiting", FieldType::kInteger, "connections that wait for accept"},
    Field{"accepted", FieldType::kBoolean, "a program holds it: accept was called"},
    Field{"keepalive", FieldType::kBoolean,
          "whether its keepalive timer runs, as it does on an idle connection with SO_KEEPALIVE"},
    Field{"listening", FieldType::kBoolean,
          "for \"state\": whether any program listens there, LISTEN or GONE"},
    Field{"owned", FieldType::kBoolean,
          "the target's process holds it, and no orphan of an earlier one"},
    Field{"bound_to", FieldType::kText, "its local address, without the port"},
    Field{"port", FieldType::kChoice, "whether its local port is in the kernel's ephemeral range",
          false, kPorts},
    Field{"distinct", FieldType::kChoice, "they differ from each other in this", false, kDistinct},
};

}  // namespace

extern const StepSpec kExpectSocket{
    .verb = "expect_socket",
    .summary =
        "The kernel's table of sockets comes to show this: polled until the deadline, for both "
        "sides of a conversation on "
        "this host.",
    .fields = kFields,
    .needs = "socket_table",
    .example = R"({ "expect_socket": "c", "side": "peer", "state": ["GONE", "TIME_WAIT"] })",
    .parse = parse_expect_socket};

}  // namespace dialtone
