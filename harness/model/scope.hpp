#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dialtone {

/// The names that the steps of a scenario have given so far, so that a wrong use is found before
/// anything runs.
class Scope {
 public:
  /// Connections, sockets and UDP sockets share one space of names: kinds of one kind.
  enum class Kind { kConnection, kSocket, kDatagrams, kListener, kProgram };

  void define(const std::string& name, Kind kind);
  /// A name that stands for `count` connections, "name.1" to "name.count".
  void define_many(const std::string& name, int count);
  /// The names that "name.*" stands for, in the order of their numbers; empty where `text` is none.
  std::vector<std::string> group(std::string_view text) const;
  void define_variable(const std::string& name) { variables_.insert(name); }
  /// Variables that have a value in one field alone: `${host}` and `${port}` of a program's input.
  void define_for_one_field(std::set<std::string> names) { of_one_field_ = std::move(names); }
  /// A step keeps how long it took under this name.
  void time(const std::string& name) { ++timed_[name]; }
  int timed(const std::string& name) const {
    const auto count_in = [&](const auto& counts) {
      const auto found = counts.find(name);
      return found == counts.end() ? 0 : found->second;
    };
    return count_in(timed_before_) + count_in(timed_);
  }
  void end(const std::string& name);
  /// It, or each of "name.1" and so on, is no connection to the target: the harness listens at its
  /// other end, or the file says where it goes.
  void lead_elsewhere(const std::string& name);
  bool leads_elsewhere(const std::string& name) const;

  /// Something that can be waited for by one at a time is used, or made.
  void use(const std::string& name) { used_.insert(name); }

  /// What the steps of one of several branches that run side by side know at its begin.
  Scope branch() const;
  /// Before the first of them: what was used until now does not count.
  void forget_uses() { used_.clear(); }
  /// After one of them: what it made and ended. The names that one before it has used too.
  std::vector<std::string> join(const Scope& branch);

  bool knows(std::string_view name) const { return names_.contains(std::string(name)); }
  bool has_ended(std::string_view name) const;
  bool is(std::string_view name, Kind kind) const;
  /// Whether it is a UDP socket: what comes there are datagrams, and no stream.
  bool is_datagrams(std::string_view name) const;

  /// Names of this kind (connections and sockets count as one kind), in order.
  std::vector<std::string> names(Kind kind) const;

  /// Whether `${name}` will have a value when a step that stands here runs.
  bool has_variable(std::string_view name) const;
  std::vector<std::string> variables() const;

 private:
  struct Entry {
    Kind kind;
    bool ended;
    bool elsewhere = false;
  };
  std::map<std::string, Entry> names_;
  std::set<std::string> variables_;
  std::set<std::string> of_one_field_;
  std::set<std::string> used_;
  std::map<std::string, int> timed_;         ///< how many steps
  std::map<std::string, int> timed_before_;  ///< ... before this branch
};

}  // namespace dialtone
