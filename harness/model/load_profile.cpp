#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>

#include "harness/model/capability.hpp"
#include "harness/model/framer.hpp"
#include "harness/model/json_source.hpp"
#include "harness/model/known_failures.hpp"
#include "harness/model/load_context.hpp"
#include "harness/model/parameter_reader.hpp"
#include "harness/model/payload_reader.hpp"
#include "harness/model/printable.hpp"
#include "harness/model/profile.hpp"
#include "harness/model/profile_claims.hpp"
#include "harness/model/profile_keys.hpp"
#include "harness/model/program_spec.hpp"
#include "harness/model/scope.hpp"

namespace dialtone {
namespace {

constexpr Duration kReadyWithin = std::chrono::seconds(10);
constexpr Duration kStopWithin = std::chrono::seconds(5);

/// Every octet once, less those that end a request: a server must take the others for data.
Bytes all_data(const std::optional<Framing>& framing) {
  const auto* delimiter = framing ? std::get_if<DelimiterFraming>(&*framing) : nullptr;
  Bytes ends = framing ? Bytes() : Bytes("\r\n");  // many protocols' requests end in them
  if (delimiter != nullptr) ends = delimiter->delimiter;
  Bytes all;
  for (int octet = 0; octet < 256; ++octet) {
    const auto value = static_cast<char>(octet);
    if (ends.find(value) == Bytes::npos) all += value;
  }
  return all;
}

class ProfileLoader {
 public:
  explicit ProfileLoader(LoadContext& context) : context_(context) {}

  Profile load(const JsonNode& root);

 private:
  void read_address(const JsonNode& root, Profile& profile);
  StartSpec start(const JsonNode& node);
  void variables(const JsonNode* node);
  void provides(const JsonNode* node, Profile& profile);
  void controls(const JsonNode* node, Profile& profile);
  void programs(const JsonNode* node, Profile& profile);
  void limits(const JsonNode& root, Profile& profile);
  std::optional<Framing> framing(const JsonNode& root, Encoding encoding);
  void check_requests(const JsonNode& root, const Profile& profile);
  void check_provided(const JsonNode& root, const Profile& profile);
  void check_claims(const JsonNode& root, const Profile& profile);

  LoadContext& context_;
};

StartSpec ProfileLoader::start(const JsonNode& node) {
  StartSpec spec{{}, SIGTERM, kReadyWithin, kStopWithin};
  if (!context_.expect_kind(node, JsonNode::Kind::kObject, "'start'")) return spec;
  check_profile_keys(node, start_keys(), "'start'", context_);
  if (const auto* words = node.find("command")) {
    spec.command = read_command(*words, "'command'", context_);
  } else {
    context_.report(node, "'start' needs 'command'",
                    R"("command": ["./server", "--port", "${port}"])");
  }
  const auto* ready = node.find("ready");
  spec.datagrams = ready != nullptr && ready->string == "datagrams";
  if (const auto* limit = node.find("ready_within")) {
    spec.ready_within =
        read_duration(*limit, "'ready_within'", context_).value_or(spec.ready_within);
  }
  if (const auto* limit = node.find("stop_within")) {
    spec.stop_within = read_duration(*limit, "'stop_within'", context_).value_or(spec.stop_within);
  }
  if (const auto* stop = node.find("stop"))
    spec.stop_signal = read_signal(*stop, context_).value_or(spec.stop_signal);
  if (const auto* environment = node.find("environment"))
    spec.environment = read_environment(*environment, context_);
  if (const auto* directory = node.find("directory"))
    spec.directory = read_launch_text(*directory, "'directory'", context_);
  return spec;
}

void ProfileLoader::variables(const JsonNode* node) {
  if (node == nullptr || !context_.expect_kind(*node, JsonNode::Kind::kObject, "'vars'")) return;
  for (const auto& [name, position, value] : node->members) {
    const bool number = value.kind == JsonNode::Kind::kInteger;
    if (!number && !context_.expect_kind(value, JsonNode::Kind::kString,
                                         fmt::format("variable '{}'", printable(name))))
      continue;
    context_.variables().try_emplace(name, number ? std::to_string(value.integer) : value.string);
  }
}

void ProfileLoader::provides(const JsonNode* node, Profile& profile) {
  if (node == nullptr || !context_.expect_kind(*node, JsonNode::Kind::kArray, "'provides'")) return;
  for (const auto& item : node->items) {
    if (!context_.expect_kind(item, JsonNode::Kind::kString, "each of 'provides'")) continue;
    if (find_capability(item.string) == nullptr) {
      context_.report(item, fmt::format("unknown capability '{}'", printable(item.string)),
                      suggest(item.string, capability_names()));
    }
    profile.provides.insert(item.string);
  }
  const auto once = std::ranges::find(node->items, "closes_after_reply", &JsonNode::string);
  if (once != node->items.end() && profile.provides.contains("persistent"))
    context_.report(*once, "'persistent' and 'closes_after_reply' exclude each other",
                    "the one takes many requests on a connection, the other closes after one");
}

void ProfileLoader::controls(const JsonNode* node, Profile& profile) {
  if (node == nullptr || !context_.expect_kind(*node, JsonNode::Kind::kObject, "'controls'"))
    return;
  for (const auto& member : node->members) {
    const auto before = context_.mistakes();
    const auto capability = "control." + member.key;
    const auto known = control_names();
    if (std::ranges::find(known, member.key) == known.end()) {
      context_.report(member.key_position,
                      fmt::format("unknown control '{}'", printable(member.key)),
                      suggest(member.key, known));
    }
    profile.controls[member.key] = read_control(member.value, context_);
    profile.provides.insert(capability);
    if (context_.mistakes() != before) continue;
    if (const auto wrong = false_claim(capability, profile))
      context_.report(member.key_position, wrong->message, wrong->hint);
  }
}

void ProfileLoader::programs(const JsonNode* node, Profile& profile) {
  if (node == nullptr || !context_.expect_kind(*node, JsonNode::Kind::kObject, "'programs'"))
    return;
  for (const auto& member : node->members) {
    profile.programs[member.key] =
        read_program(member.value, fmt::format("program '{}'", printable(member.key)), context_);
    if (member.key == "client" || member.key == "tls_client") profile.provides.insert(member.key);
  }
}

void ProfileLoader::limits(const JsonNode& root, Profile& profile) {
  if (const auto* isolation = root.find("isolation")) {
    const bool shared = isolation->string == "shared";
    profile.isolation = shared ? Profile::Isolation::kShared : Profile::Isolation::kPerScenario;
  }
  const auto* concurrency = root.find("concurrency");
  if (concurrency == nullptr ||
      !context_.expect_kind(*concurrency, JsonNode::Kind::kInteger, "'concurrency'"))
    return;
  if (concurrency->integer < 1 || concurrency->integer > kMostAtOnce) {
    context_.report(*concurrency,
                    fmt::format("'concurrency' must be between 1 and {}", kMostAtOnce));
  }
  profile.concurrency = static_cast<int>(concurrency->integer);
}

void ProfileLoader::read_address(const JsonNode& root, Profile& profile) {
  const auto* address = root.find("address");
  if (address == nullptr) {
    context_.report(root, "a profile needs 'address'", R"("address": "127.0.0.1:7788")");
    return;
  }
  // Nobody chooses a free port for a server that runs already.
  const bool launched = profile.form == Profile::Form::kProcess;
  profile.address = read_profile_text(
      *address, "'address'",
      launched ? std::vector<std::string>{"port"} : std::vector<std::string>{}, context_);
}

std::optional<Framing> ProfileLoader::framing(const JsonNode& root, Encoding encoding) {
  const auto* node = root.find("framing");
  if (node == nullptr) return std::nullopt;
  const Scope scope;
  return PayloadReader(encoding, scope, context_).framing(*node);
}

/// A server would wait for ever for the end of a request that is none.
void ProfileLoader::check_requests(const JsonNode& root, const Profile& profile) {
  for (const auto* name : {"request", "second_request"}) {
    const auto found = profile.parameters.payloads.find(name);
    if (found == profile.parameters.payloads.end()) continue;
    const auto* octets = found->second.constant();
    if (octets == nullptr || octets->empty()) continue;
    if (const auto error = not_whole(*profile.framing, *octets))
      context_.report(*root.find("parameters")->find(name),
                      fmt::format("'{}' is not made of whole frames: from offset {}, {}", name,
                                  error->offset, error->reason),
                      fmt::format(R"(a frame that {}; {{"frame": "..."}} makes one)",
                                  describe(*profile.framing)));
  }
}

void ProfileLoader::check_claims(const JsonNode& root, const Profile& profile) {
  const auto* provides = root.find("provides");
  if (provides == nullptr) return;
  for (const auto& item : provides->items) {
    const std::string_view name = item.string;
    const bool told = name.starts_with("control.") &&
                      profile.controls.contains(std::string(name.substr(name.find('.') + 1)));
    if (told) continue;  // of what stands under 'controls'
    if (const auto wrong = false_claim(item.string, profile))
      context_.report(item, wrong->message, wrong->hint);
  }
}

/// What a server cannot do that frames requests like that.
void ProfileLoader::check_provided(const JsonNode& root, const Profile& profile) {
  const bool one_shot = std::holds_alternative<OneShotFraming>(*profile.framing);
  const bool until_eof = std::holds_alternative<UntilEofFraming>(*profile.framing);
  const auto* provides = root.find("provides");
  if (provides == nullptr) return;
  for (const auto& item : provides->items) {
    if (item.string == "pipelining" && one_shot)
      context_.report(item, "'pipelining' and the framing oneshot exclude each other",
                      "TCP may join requests into one recv");
    const bool is_of_more =
        item.string == "pipelining" || item.string == "persistent" ||
        item.string == "closes_after_reply";  // there the client's FIN comes first
    if (is_of_more && until_eof)
      context_.report(item,
                      fmt::format("'{}' and the framing until_eof exclude each other", item.string),
                      "a request ends with the client's FIN, and so does the connection");
  }
}

Profile ProfileLoader::load(const JsonNode& root) {
  Profile profile;
  profile.concurrency = 1;
  profile.file = context_.file();
  if (!context_.expect_kind(root, JsonNode::Kind::kObject, "a profile")) return profile;
  check_profile_keys(root, profile_keys(), "a profile", context_);
  variables(root.find("vars"));
  profile.vars = context_.variables();
  const auto* name = root.find("name");
  profile.name = name == nullptr ? context_.file() : name->string;
  const auto* launch = root.find("start");
  profile.form = launch == nullptr ? Profile::Form::kExternal : Profile::Form::kProcess;
  read_address(root, profile);
  // Of commands only, for what lies beside the profile.
  context_.variables().try_emplace(
      "profile_dir", std::filesystem::absolute(context_.file()).parent_path().string());
  if (launch != nullptr) profile.start = start(*launch);
  programs(root.find("programs"), profile);
  limits(root, profile);
  controls(root.find("controls"), profile);
  context_.variables() = profile.vars;
  if (const auto* tls = root.find("tls")) profile.tls = read_tls(*tls, context_);
  provides(root.find("provides"), profile);
  check_claims(root, profile);
  if (const auto* encoding = root.find("encoding"))
    profile.encoding = read_encoding(*encoding, context_).value_or(profile.encoding);
  profile.framing = framing(root, profile.encoding);
  context_.set_framing(profile.framing);
  profile.parameters = read_parameters(root.find("parameters"), profile.encoding, context_);
  profile.parameters.payloads.try_emplace("echo_data", Payload(all_data(profile.framing)));
  if (profile.encoding == Encoding::kGbk) profile.provides.insert("gbk");
  if (profile.framing) {
    check_requests(root, profile);
    check_provided(root, profile);
  }
  profile.known_failures = read_known_failures(root.find("known_failures"), context_);
  return profile;
}

}  // namespace

Profile load_profile(const std::string& file, std::string_view text, const Variables& variables,
                     Diagnostics& diagnostics) {
  LoadContext context(file, variables, diagnostics);
  const auto root = parse_json(file, text, diagnostics);
  if (!root) return {};
  auto profile = ProfileLoader(context).load(*root);
  context.sort_reports();
  return profile;
}

Profile external_profile(const std::string& address, const std::set<std::string>& provides) {
  Profile profile;
  profile.name = address;
  profile.form = Profile::Form::kExternal;
  profile.address = Template(address);
  profile.provides = provides;
  profile.concurrency = 1;
  return profile;
}

}  // namespace dialtone
