#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/model/bytes.hpp"
#include "harness/model/parameter.hpp"

namespace dialtone {

/// What somebody who has no profile yet says of a server. Texts are UTF-8.
struct ProfileDraft {
  std::string name;
  std::string address;               ///< "host:port", where `${port}` may stand for a free one
  std::vector<std::string> command;  ///< empty: it runs already
  Bytes request;
  Bytes reply;
  std::string framing{};      ///< as JSON; empty: not known
  bool gives_bodies = false;  ///< the request and the reply are bodies, to be framed
};

/// Octets as a profile has them: a text where it is one that a reader can see, else in hex.
std::string payload_json(const Bytes& octets);

/// Whether the parameter is one that scenarios/robust ask for: not about datagrams, nor about a
/// client.
bool is_for_robust(const ParameterSpec& spec);

/// A profile's file: JSON with comments that explain each key. What is optional stands there as a
/// comment, one a line, and becomes part of the file where its `//` is taken away.
std::string profile_text(const ProfileDraft& draft);

}  // namespace dialtone
