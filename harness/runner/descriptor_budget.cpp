#include "harness/runner/descriptor_budget.hpp"

#include <sys/resource.h>

#include <algorithm>

#include "harness/steps/step.hpp"

namespace dialtone {
namespace {

constexpr rlim_t kMostUseful = 1 << 20;
constexpr int kEndpointShare = 8;  // listener, placeholder, pipes of a process

}  // namespace

int descriptor_budget() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 800;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<int>(std::min(limit.rlim_cur, kMostUseful) / 5 * 4);
}

int descriptors_of(const Scenario& scenario) {
  int sum = kEndpointShare;
  for (const auto& planned : scenario.steps) sum += planned.step->descriptors();
  return sum;
}

}  // namespace dialtone
