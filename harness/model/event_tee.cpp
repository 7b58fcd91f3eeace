#include "harness/model/event_tee.hpp"

namespace dialtone {

int EventTee::begin(std::size_t place, const std::string& variant) {
  auto& numbers = numbers_[++last_];
  for (auto* sink : sinks_) numbers.push_back(sink->begin(place, variant));
  return last_;
}

void EventTee::add(int run, const Event& event) {
  const auto& numbers = numbers_.at(run);
  for (std::size_t i = 0; i < sinks_.size(); ++i) sinks_[i]->add(numbers[i], event);
}

void EventTee::end(int run) {
  const auto numbers = numbers_.extract(run);
  for (std::size_t i = 0; i < sinks_.size(); ++i) sinks_[i]->end(numbers.mapped().at(i));
}

void EventTee::failed(std::size_t place, const ScenarioResult& attempt) {
  for (auto* sink : sinks_) sink->failed(place, attempt);
}

}  // namespace dialtone
