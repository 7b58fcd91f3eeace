#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "harness/model/result.hpp"
#include "harness/model/scenario.hpp"

/// Finished runs for the tests of reports.
namespace dialtone {

/// A suite "article.samples" of `count` scenarios "S-1", "S-2"... without steps.
std::shared_ptr<Suite> make_suite(std::size_t count,
                                  std::string file = "scenarios/article/samples.json");

/// The suite's scenario `index` with that verdict; took 1 ms.
ScenarioResult make_result(const std::shared_ptr<const Suite>& suite, std::size_t index,
                           Verdict verdict);

/// An empty run with a fixed start, host, target and command line.
RunResult make_run();

/// Two files; a scenario of each verdict; GBK, hostile octets, program output, a reset and a
/// deadline.
RunResult sample_run();

}  // namespace dialtone
