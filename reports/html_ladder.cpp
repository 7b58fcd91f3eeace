#include "reports/html_ladder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/model/duration.hpp"
#include "harness/model/plural.hpp"
#include "harness/model/printable.hpp"
#include "harness/model/scenario.hpp"
#include "reports/conversation.hpp"
#include "reports/html_rung.hpp"

namespace dialtone::html {
namespace {

using Shape = Rung::Shape;

// In units of the drawing: pixels where it is not scaled.
constexpr int kWidth = 880;
constexpr int kOurs = 216;  // the lifelines
constexpr int kPeers = 740;
constexpr int kMiddle = (kOurs + kPeers) / 2;
constexpr int kTimeEnd = 88;    // times end here
constexpr int kNameStart = 98;  // names of connections begin here
constexpr int kTop = 40;        // of the first row
constexpr int kLineAt = 26;     // of the arrow within its row
constexpr int kRow = 38;
constexpr int kRowWithOctets = 52;
constexpr int kHead = 9;  // length of an arrow's head
constexpr std::size_t kNameColumns = 12;
constexpr std::size_t kPeerColumns = 30;

std::string_view tone_of(Shape shape) {
  switch (shape) {
    case Shape::kArrow: return "octets";
    case Shape::kFin:
    case Shape::kClose: return "fin";
    case Shape::kReset:
    case Shape::kTruncated:
    case Shape::kRefused: return "reset";
    case Shape::kHandshake: return "open";
    case Shape::kUnheard:
    case Shape::kDeadline:
    case Shape::kGivenUp: return "silence";
    case Shape::kNote: return "note";
  }
  return "note";
}

class Ladder {
 public:
  Ladder(HtmlWriter& html, const ScenarioResult& result, std::string_view peer,
         const std::string& id)
      : html_(html), result_(result), peer_(fit(printable(peer), kPeerColumns)), id_(id) {}

  void write() {
    const auto& transcript = result_.transcript;
    const auto [head, tail] = shown_events(transcript.size(), kEventLimit);
    const auto height = height_of(0, head) + height_of(tail, transcript.size()) + kTop +
                        (tail > head ? kRow : 0) + 12;
    open(height);
    rows(0, head);
    if (tail > head) left_out(tail - head);
    rows(tail, transcript.size());
    html_.close();
  }

 private:
  Rung rung(std::size_t index) const {
    return rung_of(result_.transcript[index].kind, result_.scenario->encoding);
  }

  static int row_height(const Rung& rung) { return rung.octets.empty() ? kRow : kRowWithOctets; }

  int height_of(std::size_t first, std::size_t last) const {
    int height = 0;
    for (auto at = first; at < last; ++at) height += row_height(rung(at));
    return height;
  }

  void open(int height) {
    const auto title_id = id_ + "-title";
    const auto text_id = id_ + "-text";
    html_.open("svg", {{"xmlns", "http://www.w3.org/2000/svg"},
                       {"class", "ladder"},
                       {"role", "img"},
                       {"aria-labelledby", title_id + " " + text_id},
                       {"viewBox", fmt::format("0 0 {} {}", kWidth, height)},
                       {"width", std::to_string(kWidth)},
                       {"height", std::to_string(height)},
                       {"font-family", "monospace"},
                       {"font-size", "13"},
                       {"fill", "currentColor"},
                       {"stroke", "none"}});
    html_.element("title", "Ladder diagram of " + result_.scenario->id, {{"id", title_id}});
    html_.element("desc",
                  fmt::format("{} between Dialtone, on the left, and {}, on the right. The table "
                              "below has the same in words.",
                              plural(result_.transcript.size(), "event"), peer_),
                  {{"id", text_id}});
    side(kOurs, "Dialtone", height);
    side(kPeers, peer_, height);
  }

  void side(int x, std::string_view name, int height) {
    text(x, 18, name, "middle", "side");
    line(x, kTop - 12, x, height - 4, "life", false);
  }

  void rows(std::size_t first, std::size_t last) {
    for (auto at = first; at < last; ++at) row(result_.transcript[at], rung(at));
  }

  void row(const Event& event, const Rung& rung) {
    html_.open("g", {{"class", tone_of(rung.shape)}});
    html_.element("title", describe(event.kind));
    const int y = top_ + kLineAt;
    text(kTimeEnd, y + 4, humanize(event.at), "end", "time");
    text(kNameStart, y + 4, fit(printable(event.connection), kNameColumns), "start", "name");
    shape(rung, y);
    const bool is_note = rung.shape == Shape::kNote;
    if (is_note) {
      text(kOurs + 14, y + 4, rung.words, "start", "words");
    } else {
      text(kMiddle, y - 7, rung.words, "middle", "words");
    }
    if (!rung.octets.empty()) text(kMiddle, y + 15, rung.octets, "middle", "hex");
    html_.close();
    top_ += row_height(rung);
  }

  void left_out(std::size_t number) {
    text(kMiddle, top_ + kLineAt, fmt::format("\u22ee {} left out \u22ee", plural(number, "event")),
         "middle", "words");
    top_ += kRow;
  }

  void shape(const Rung& rung, int y) {
    const int from = rung.to_peer ? kOurs : kPeers;
    const int to = rung.to_peer ? kPeers : kOurs;
    const int back = rung.to_peer ? -1 : 1;  // from the arrow's end to its beginning
    switch (rung.shape) {
      case Shape::kArrow: return arrow(from, to, y);
      case Shape::kHandshake: arrow(from, to, y); return head(from, y, -back);
      case Shape::kFin: arrow(from, to + back * 12, y); return bar(to + back * 9, y);
      case Shape::kClose: arrow(from, to + back * 16, y); return ring(to + back * 10, y, "4");
      case Shape::kReset: arrow(from, to + back * 19, y); return cross(to + back * 10, y);
      case Shape::kTruncated:
        arrow(from, to + back * 26, y);
        bar(to + back * 23, y);
        return cross(to + back * 10, y);
      case Shape::kRefused:
        arrow(from, to + back * 19, y);
        cross(to + back * 10, y);
        return head(from, y, -back);
      case Shape::kUnheard: arrow(from, kMiddle, y, true); return text_at(kMiddle + 12, y + 4, "?");
      case Shape::kDeadline:
        line(kOurs + 8, y, kPeers - 8, y, "wire", true);
        return clock(kOurs, y);
      case Shape::kGivenUp:
        line(kOurs + 8, y, kMiddle - 8, y, "wire", true);
        cross(kMiddle, y);
        return clock(kOurs, y);
      case Shape::kNote: return dot(kOurs, y);
    }
  }

  void arrow(int from, int to, int y, bool is_dashed = false) {
    const int back = from < to ? -1 : 1;
    line(from, y, to + back * kHead, y, "wire", is_dashed);
    head(to, y, back);
  }

  /// The point is at `x`.
  void head(int x, int y, int back) {
    const int tail = x + back * kHead;
    html_.element("path", "",
                  {{"class", "solid"},
                   {"d", fmt::format("M{} {}L{} {}L{} {}Z", x, y, tail, y - 5, tail, y + 5)}});
  }

  void bar(int x, int y) {
    line(x - 1, y - 8, x - 1, y + 8, "wire", false);
    line(x + 1, y - 8, x + 1, y + 8, "wire", false);
  }

  void cross(int x, int y) {
    line(x - 6, y - 6, x + 6, y + 6, "wire", false);
    line(x - 6, y + 6, x + 6, y - 6, "wire", false);
  }

  void clock(int x, int y) {
    ring(x, y, "8");
    line(x, y, x, y - 5, "wire", false);
    line(x, y, x + 4, y, "wire", false);
  }

  void ring(int x, int y, std::string_view radius) {
    html_.element("circle", "",
                  {{"class", "ring"},
                   {"cx", std::to_string(x)},
                   {"cy", std::to_string(y)},
                   {"r", radius},
                   {"fill", "Canvas"},
                   {"stroke", "currentColor"},
                   {"stroke-width", "1.5"}});
  }

  void dot(int x, int y) {
    html_.element(
        "circle", "",
        {{"class", "solid"}, {"cx", std::to_string(x)}, {"cy", std::to_string(y)}, {"r", "3.5"}});
  }

  void line(int x1, int y1, int x2, int y2, std::string_view name, bool is_dashed) {
    html_.element("path", "",
                  {{"class", name},
                   {"d", fmt::format("M{} {}L{} {}", x1, y1, x2, y2)},
                   {"stroke", "currentColor"},
                   {"stroke-width", name == "life" ? "1" : "1.5"},
                   {"stroke-dasharray", is_dashed ? "5 4" : "none"}});
  }

  void text_at(int x, int y, std::string_view value) { text(x, y, value, "middle", "words"); }

  void text(int x, int y, std::string_view value, std::string_view anchor, std::string_view name) {
    if (value.empty()) return;
    html_.element("text", value,
                  {{"class", name},
                   {"x", std::to_string(x)},
                   {"y", std::to_string(y)},
                   {"text-anchor", anchor},
                   {"font-size", name == "hex" ? "11" : "13"}});
  }

  HtmlWriter& html_;
  const ScenarioResult& result_;
  std::string peer_;
  std::string id_;
  int top_ = kTop;
};

}  // namespace

void write_ladder(HtmlWriter& html, const ScenarioResult& result, std::string_view peer,
                  const std::string& id) {
  Ladder(html, result, peer, id).write();
}

}  // namespace dialtone::html
