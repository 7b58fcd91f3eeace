#include "harness/model/scenario.hpp"

namespace dialtone {

std::string_view name_of(Level level) {
  switch (level) {
    case Level::kMust: return "MUST";
    case Level::kShould: return "SHOULD";
    case Level::kMay: return "MAY";
  }
  return "unknown";
}

std::optional<Level> find_level(std::string_view name) {
  for (const auto level : {Level::kMust, Level::kShould, Level::kMay}) {
    if (name == name_of(level)) return level;
  }
  return std::nullopt;
}

std::string_view name_of(Personality personality) {
  switch (personality) {
    case Personality::kArticle: return "article";
    case Personality::kLine: return "line";
    case Personality::kUdp: return "udp";
  }
  return "unknown";
}

std::optional<Personality> find_personality(std::string_view name) {
  for (const auto personality : {Personality::kArticle, Personality::kLine, Personality::kUdp}) {
    if (name == name_of(personality)) return personality;
  }
  return std::nullopt;
}

}  // namespace dialtone
