#pragma once

#include <memory>

#include "harness/model/ending.hpp"
#include "harness/model/step_reader.hpp"

namespace dialtone {

/// What `expect_eof` and `expect_reset` share: the peer's direction ends in one way and no other.
/// `field` names the connection.
std::shared_ptr<const Step> parse_expect_ending(StepReader& reader, std::string_view field,
                                                Ending wanted);

}  // namespace dialtone
