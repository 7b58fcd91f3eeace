#pragma once

#include <string>
#include <utility>
#include <vector>

namespace dialtone {

/// A line of a rendering for people, printable, without its LF. The tone only adds to what the
/// words say already.
struct Line {
  enum class Tone { kPlain, kFaint, kExpected, kActual, kMark };

  std::string text;
  Tone tone = Tone::kPlain;
};

using Lines = std::vector<Line>;

/// Moves `more` to the end of `lines`, each line `indent` columns to the right.
inline void append(Lines& lines, Lines more, std::size_t indent = 0) {
  for (auto& line : more) {
    line.text.insert(0, indent, ' ');
    lines.push_back(std::move(line));
  }
}

/// The lines, each ended by LF.
inline std::string plain_text(const Lines& lines) {
  std::string text;
  for (const auto& line : lines) text += line.text + "\n";
  return text;
}

}  // namespace dialtone
