#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/json_source.hpp"
#include "harness/model/load_context.hpp"

namespace dialtone {

/// A key of a profile, or of one of the objects in it: what the loader refuses others by, and the
/// JSON Schema is made from.
struct ProfileKey {
  enum class Type {
    kString,
    kText,  ///< with variables
    kBoolean,
    kCommand,  ///< words
    kSignal,
    kDuration,
    kWord,         ///< one of `words`
    kConcurrency,  ///< 1 to kMostAtOnce
    kEncoding,
    kFraming,
    kCapabilities,
    kVariables,
    kEnvironment,
    kProtocols,  ///< of ALPN
    kDate,
    kParameters,
    kStart,
    kTls,
    kControls,
    kPrograms,
    kProgram,
    kUndo,
    kKnownFailures,
  };
  std::string_view name;
  Type type;
  std::string_view summary;
  bool required = false;
  std::span<const std::string_view> words = {};
  std::string_view hint = {};  ///< where none of them stands there
};

constexpr int kMostAtOnce = 4096;

std::span<const ProfileKey> profile_keys();
std::span<const ProfileKey> start_keys();
std::span<const ProfileKey> program_keys();        ///< of one that is no mere list of words
std::span<const ProfileKey> control_keys();        ///< of one of `controls`
std::span<const ProfileKey> undo_keys();           ///< of what takes it back
std::span<const ProfileKey> tls_keys();            ///< of one that is not true
std::span<const ProfileKey> known_failure_keys();  ///< of one that is no mere reason

/// Reports keys that `object`, called `what`, must not have, words that none of its keys takes, and
/// what is no string where one is due. Other values are looked into by who reads them.
void check_profile_keys(const JsonNode& object, std::span<const ProfileKey> keys,
                        std::string_view what, LoadContext& context);

}  // namespace dialtone
