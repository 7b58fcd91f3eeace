#pragma once

#include <string>
#include <string_view>

#include "harness/model/result.hpp"
#include "reports/html_writer.hpp"

/// A conversation as a ladder diagram.
namespace dialtone::html {

/// Events shown of one conversation, in the diagram and in the table: the first quarter and the
/// last, which matter more.
inline constexpr std::size_t kEventLimit = 200;

/// Inline SVG: Dialtone on the left, the peer on the right, time downwards; a row an event. Each
/// kind of ending has a shape and words of its own: FIN ends in a bar, RST in a cross, a deadline
/// is a clock and a line that does not arrive. Colours only add. `id` is unique in the document and
/// begins the ids of the diagram's title and description.
void write_ladder(HtmlWriter& html, const ScenarioResult& result, std::string_view peer,
                  const std::string& id);

}  // namespace dialtone::html
