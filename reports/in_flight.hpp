#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "harness/model/clock.hpp"

namespace dialtone {

/// The scenarios that are under way, as a status line tells of them.
class InFlight {
 public:
  /// Begun again, as under a variant, it goes on being under way since it was begun first.
  void begin(std::size_t place, std::string id, TimePoint at);
  void end(std::size_t place);

  /// "16 in flight, longest ROB-30 2.3 s"; empty where none is.
  std::string text(TimePoint now) const;

 private:
  struct Flight {
    std::string id;
    TimePoint begun;
  };
  std::map<std::size_t, Flight> flights_;  // by the place in the plan
};

}  // namespace dialtone
