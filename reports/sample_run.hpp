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

/// What --retries leaves: a scenario that passed at its third attempt, after a failure and an
/// error; one that failed three times, once as an error; one that erred twice; one that passed at
/// once.
RunResult retried_run();

/// A hundred thousand scenarios in one file, of which every hundredth failed with a transcript and
/// 40,000 octets of a program's output. Few do: a report that holds all results at once is meant to
/// be seen by its size.
RunResult long_run(std::size_t count = 100'000);

/// Two files; a scenario of each verdict; GBK, hostile octets, program output, a reset and a
/// deadline.
RunResult sample_run();

}  // namespace dialtone
