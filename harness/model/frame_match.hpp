#pragma once

#include <string>

#include "harness/model/bytes.hpp"
#include "harness/model/matcher.hpp"

namespace dialtone {

/// match() of a frame: `expectation` is that of the whole matcher, its octets are the body's.
MatchResult match_frame(const Expectation& expectation, const FrameMatch& frame, ByteView received);

/// The frame that is expected, where its octets are known before it comes; empty where they are
/// not.
Bytes expected_frame(const Expectation& expectation, const FrameMatch& frame);

/// "a frame that ends in LF, with text that matches /x+/"; "a frame of 12 octets" once its size is
/// known from what was received.
std::string describe_frame(const Expectation& expectation, const FrameMatch& frame,
                           ByteView received);

}  // namespace dialtone
