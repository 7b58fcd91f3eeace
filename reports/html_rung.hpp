#pragma once

#include <string>
#include <string_view>

#include "harness/model/charset.hpp"
#include "harness/model/event.hpp"

namespace dialtone::html {

/// How an event is drawn in a ladder diagram.
struct Rung {
  enum class Shape {
    kArrow,      ///< what was sent arrived, as far as our side can say
    kFin,        ///< the direction ended in order: an arrow that ends in a bar
    kClose,      ///< our close(): the kernel sends FIN, or RST where octets were unread; a ring
    kReset,      ///< a cross at the arrow's end
    kTruncated,  ///< a bar and a cross: FIN, but not TLS's end
    kHandshake,  ///< a connection: an arrow with two heads
    kRefused,    ///< there and back with a cross: the peer's side said no
    kUnheard,    ///< an arrow that ends half-way: nothing came back, or no way led there
    kDeadline,   ///< a clock on our side; nothing came from the other
    kGivenUp,    ///< a clock and a cross: the kernel ended the connection
    kNote,       ///< a dot on our side
  };
  Shape shape = Shape::kNote;
  bool to_peer = true;   ///< direction of what has one
  std::string words{};   ///< above the line
  std::string octets{};  ///< below it: hex; may be empty
};

/// Longest of `words` and `octets`, in columns; the rest is counted or marked by "…".
inline constexpr std::size_t kRungColumns = 56;

Rung rung_of(const EventKind& kind, Encoding encoding);

/// `text` (printable) in at most `columns`, with "…" where something was cut.
std::string fit(std::string_view text, std::size_t columns);

}  // namespace dialtone::html
