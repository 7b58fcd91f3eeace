#include "harness/runner/controls.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <chrono>
#include <cstdio>
#include <exception>
#include <memory>
#include <utility>

#include "harness/model/duration.hpp"
#include "harness/runner/external_target.hpp"
#include "harness/runner/last_words.hpp"

namespace dialtone {
namespace {

constexpr Duration kUndoLimit = std::chrono::seconds(30);
constexpr Duration kUndoLimitAtEnd = std::chrono::seconds(5);

/// Runs it to its end; why it did not do what it should, where it did not. What it leaves running
/// may be the server itself.
Task<std::optional<std::string>> run_program(Loop& loop, Command command, Duration limit) {
  const auto shown = fmt::format("{}", fmt::join(command.argv, " "));
  auto launched = co_await Process::launch(loop, std::move(command));
  if (!launched.ok()) co_return fmt::format("cannot launch '{}': {}", shown, launched.error().text);
  auto& process = launched.value();
  const bool ended = co_await process.wait_exit(Clock::now() + limit);
  if (!ended)
    co_return fmt::format("'{}' did not end within {}{}", shown, format_duration(limit),
                          last_words(process));
  const auto status = process.exit_status();
  const auto words = last_words(process);
  process.let_group_be();
  if (status == ExitStatus{}) co_return std::nullopt;
  co_return fmt::format("'{}' ended with {}{}", shown, to_string(*status), words);
}

}  // namespace

Task<std::optional<std::string>> Controls::act(const ControlAction& action, Process* process,
                                               Duration limit) {
  if (action.program)
    co_return co_await run_program(*loop_, command_of(*action.program, target_), limit);
  if (process != nullptr) process->signal(action.signal);
  co_return std::nullopt;
}

Task<std::optional<std::string>> Controls::perform(std::string_view name,
                                                   const SocketAddress& target, Process* process,
                                                   Duration limit) {
  target_ = target;
  const bool resumes = name == "resume_accept";
  const auto found = specs_.find(resumes ? "pause_accept" : std::string(name));
  if (found == specs_.end() || (resumes && !found->second.undo))
    co_return fmt::format("the profile does not say how '{}' is done", name);
  if (!resumes) {
    performed_.push_back(found->first);
    co_return co_await act(found->second.action, process, limit);
  }
  auto problem = co_await act(*found->second.undo, process, limit);
  if (!problem) std::erase(performed_, found->first);
  co_return problem;
}

Task<std::optional<std::string>> Controls::undo(Process* process) {
  std::optional<std::string> first;
  while (!performed_.empty()) {
    const auto name = performed_.back();
    const auto& undo = specs_.at(name).undo;
    auto problem = std::optional<std::string>();
    if (undo) problem = co_await act(*undo, process, kUndoLimit);
    performed_.pop_back();  // not before: the run may be interrupted meanwhile
    if (problem && !first) first = fmt::format("'{}' was not taken back: {}", name, *problem);
  }
  co_return first;
}

Controls::~Controls() {
  try {
    undo_at_end();
  } catch (...) {  // there is nobody left to tell
    performed_.clear();
  }
}

void Controls::undo_at_end() {
  if (performed_.empty()) return;
  auto context = std::make_unique<asio::io_context>();
  Loop loop(*context);
  loop_ = &loop;
  auto problem = std::optional<std::string>("there was no time for it");
  asio::co_spawn(*context, undo(nullptr), [&](const std::exception_ptr&, const auto& result) {
    problem = result;
    context->stop();
  });
  context->run_for(kUndoLimitAtEnd);
  loop.shutdown();
  context.reset();  // what its coroutines hold still needs the loop
  if (problem) fmt::print(stderr, "dialtone: what the target was told stays: {}\n", *problem);
}

}  // namespace dialtone
