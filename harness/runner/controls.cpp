#include "harness/runner/controls.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <chrono>
#include <exception>
#include <memory>
#include <utility>

#include "harness/model/duration.hpp"
#include "harness/runner/external_target.hpp"
#include "harness/runner/last_words.hpp"

namespace dialtone {
namespace {

constexpr Duration kLimit = std::chrono::seconds(30);
constexpr Duration kLimitAtOnce = std::chrono::seconds(5);

/// Runs it to its end; why it did not do what it should, where it did not.
Task<std::optional<std::string>> run_program(Loop& loop, Command command) {
  const auto shown = fmt::format("{}", fmt::join(command.argv, " "));
  auto launched = co_await Process::launch(loop, std::move(command));
  if (!launched.ok()) co_return fmt::format("cannot launch '{}': {}", shown, launched.error().text);
  auto& process = launched.value();
  const bool ended = co_await process.wait_exit(Clock::now() + kLimit);
  if (!ended)
    co_return fmt::format("'{}' did not end within {}{}", shown, format_duration(kLimit),
                          last_words(process));
  const auto status = process.exit_status();
  if (status == ExitStatus{}) co_return std::nullopt;
  co_return fmt::format("'{}' ended with {}{}", shown, to_string(*status), last_words(process));
}

}  // namespace

Task<std::optional<std::string>> Controls::act(const ControlAction& action,
                                               const SocketAddress& target, Process* process) {
  if (action.program) co_return co_await run_program(*loop_, command_of(*action.program, target));
  if (process == nullptr) co_return "its signal would go to a program that nobody launched here";
  process->signal(action.signal);
  co_return std::nullopt;
}

Task<std::optional<std::string>> Controls::perform(std::string_view name,
                                                   const SocketAddress& target, Process* process) {
  const bool resumes = name == "resume_accept";
  const auto found = specs_.find(resumes ? "pause_accept" : std::string(name));
  if (found == specs_.end() || (resumes && !found->second.undo))
    co_return fmt::format("the profile does not say how '{}' is done", name);
  if (resumes) {
    std::erase(performed_, found->first);
    co_return co_await act(*found->second.undo, target, process);
  }
  performed_.push_back(found->first);
  co_return co_await act(found->second.action, target, process);
}

Task<std::optional<std::string>> Controls::undo(const SocketAddress& target, Process* process) {
  std::optional<std::string> first;
  while (!performed_.empty()) {
    const auto name = std::move(performed_.back());
    performed_.pop_back();
    const auto& undo = specs_.at(name).undo;
    if (!undo) continue;
    auto problem = co_await act(*undo, target, process);
    if (problem && !first) first = fmt::format("'{}' was not taken back: {}", name, *problem);
  }
  co_return first;
}

void Controls::undo_at_once(const SocketAddress& target) {
  if (performed_.empty()) return;
  auto context = std::make_unique<asio::io_context>();
  Loop loop(*context);
  loop_ = &loop;
  asio::co_spawn(*context, undo(target, nullptr),
                 [&](const std::exception_ptr&, const auto&) { context->stop(); });
  context->run_for(kLimitAtOnce);
  loop.shutdown();
  context.reset();  // what its coroutines hold still needs the loop
}

}  // namespace dialtone
