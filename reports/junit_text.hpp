#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/model/clock.hpp"
#include "harness/model/result.hpp"

/// What a JUnit report says of a result, as text; the elements are junit.cpp's.
namespace dialtone::junit {

inline constexpr std::size_t kBodyLimit = 65'536;     ///< octets of a failure's text
inline constexpr std::size_t kOutputLimit = 100'000;  ///< octets of one system-out or system-err

/// "0.405": from integers, so that no locale has a say.
std::string seconds(std::int64_t milliseconds);

/// "2026-11-22T13:55:07Z" (ISO 8601, UTC).
std::string timestamp(WallTime time);

/// "dialtone.ExpectMismatch".
std::string type_of(const Problem& problem);

/// What the conversation was, then what the programs wrote, then the files that go with the case.
std::string system_out(const ScenarioResult& result,
                       const std::vector<std::string>& attachments = {});
std::string system_err(const ScenarioResult& result);

/// `text` (printable) in at most `limit` octets, without anything that names an attachment: a peer
/// must not choose which files a CI system takes from its machines.
std::string capped(std::string text, std::size_t limit);

}  // namespace dialtone::junit
