#include "harness/model/scope.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace dialtone {
namespace {

// What a running scenario knows of everything that has an address (session.cpp fills them in);
// of a connection it knows the peer's too.
constexpr std::array<std::string_view, 3> kAddressParts{"address", "host", "port"};

bool same_kind(Scope::Kind left, Scope::Kind right) {
  const auto as_connection = [](Scope::Kind kind) {
    const bool one = kind == Scope::Kind::kSocket || kind == Scope::Kind::kDatagrams;
    return one ? Scope::Kind::kConnection : kind;
  };
  return as_connection(left) == as_connection(right);
}

}  // namespace

void Scope::define(const std::string& name, Kind kind) {
  names_[name] = {kind, false};
  use(name);
}

void Scope::define_many(const std::string& name, int count) {
  for (const auto& earlier : group(name + ".*")) names_.erase(earlier);
  for (int i = 1; i <= count; ++i) define(fmt::format("{}.{}", name, i), Kind::kConnection);
}

std::vector<std::string> Scope::group(std::string_view text) const {
  std::vector<std::string> members;
  if (!text.ends_with(".*")) return members;
  const auto prefix = text.substr(0, text.size() - 1);
  for (int i = 1;; ++i) {
    auto name = fmt::format("{}{}", prefix, i);
    if (!knows(name)) return members;
    members.push_back(std::move(name));
  }
}

void Scope::end(const std::string& name) {
  if (const auto found = names_.find(name); found != names_.end()) found->second.ended = true;
}

void Scope::lead_elsewhere(const std::string& name) {
  for (const auto& member : group(name + ".*")) names_[member].elsewhere = true;
  if (const auto found = names_.find(name); found != names_.end()) found->second.elsewhere = true;
}

bool Scope::leads_elsewhere(const std::string& name) const {
  const auto found = names_.find(name);
  return found != names_.end() && found->second.elsewhere;
}

Scope Scope::branch() const {
  auto copy = *this;
  copy.forget_uses();
  for (const auto& [name, count] : copy.timed_) copy.timed_before_[name] += count;
  copy.timed_.clear();
  return copy;
}

std::vector<std::string> Scope::join(const Scope& branch) {
  std::vector<std::string> shared;
  std::ranges::set_intersection(used_, branch.used_, std::back_inserter(shared));
  for (const auto& name : branch.used_) {
    if (const auto found = branch.names_.find(name); found != branch.names_.end())
      names_.insert_or_assign(name, found->second);
  }
  used_.insert(branch.used_.begin(), branch.used_.end());
  variables_.insert(branch.variables_.begin(), branch.variables_.end());
  for (const auto& [name, count] : branch.timed_) timed_[name] += count;
  return shared;
}

bool Scope::has_ended(std::string_view name) const {
  const auto found = names_.find(std::string(name));
  return found != names_.end() && found->second.ended;
}

bool Scope::is(std::string_view name, Kind kind) const {
  const auto found = names_.find(std::string(name));
  return found != names_.end() && same_kind(found->second.kind, kind);
}

bool Scope::is_datagrams(std::string_view name) const {
  const auto found = names_.find(std::string(name));
  return found != names_.end() && found->second.kind == Kind::kDatagrams;
}

std::vector<std::string> Scope::names(Kind kind) const {
  std::vector<std::string> result;
  for (const auto& [name, entry] : names_) {
    if (same_kind(entry.kind, kind)) result.push_back(name);
  }
  return result;
}

bool Scope::has_variable(std::string_view name) const {
  const std::string whole(name);
  if (name == "loopback" || variables_.contains(whole) || of_one_field_.contains(whole))
    return true;
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos) return false;
  const auto owner = name.substr(0, dot);
  const auto part = name.substr(dot + 1);
  if (part == "peer") return is(owner, Kind::kConnection);
  if (std::ranges::find(kAddressParts, part) == kAddressParts.end()) return false;
  return owner == "target" || is(owner, Kind::kConnection) || is(owner, Kind::kListener);
}

std::vector<std::string> Scope::variables() const {
  std::vector<std::string> result{"loopback", "target.address", "target.host", "target.port"};
  result.insert(result.end(), variables_.begin(), variables_.end());
  result.insert(result.end(), of_one_field_.begin(), of_one_field_.end());
  for (const auto& [name, entry] : names_) {
    if (entry.kind == Kind::kProgram) continue;
    for (const auto part : kAddressParts) result.push_back(fmt::format("{}.{}", name, part));
    if (entry.kind != Kind::kListener) result.push_back(name + ".peer");
  }
  return result;
}

}  // namespace dialtone
