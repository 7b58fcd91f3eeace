#include "harness/cli/diagnose.hpp"

#include <iostream>
#include <utility>

#include "harness/model/printable.hpp"

namespace dialtone {

namespace {

std::shared_ptr<const Secrets>& hidden() {
  static std::shared_ptr<const Secrets> secrets;
  return secrets;
}

std::string masked(std::string_view text) {
  return hidden() == nullptr ? std::string(text) : hidden()->masked(text);
}

}  // namespace

void mask_messages(std::shared_ptr<const Secrets> secrets) { hidden() = std::move(secrets); }

void print_diagnostics(const Diagnostics& diagnostics, std::string_view consequence) {
  for (const auto& diagnostic : diagnostics) std::cerr << masked(render(diagnostic));
  if (diagnostics.empty()) return;
  std::cerr << diagnostics.size() << (diagnostics.size() == 1 ? " mistake; " : " mistakes; ")
            << consequence << '\n';
}

void print_warnings(const Diagnostics& warnings) {
  for (const auto& warning : warnings) std::cerr << masked(render(warning));
}

void print_error(std::string_view message, std::string_view hint) {
  std::cerr << "dialtone: " << printable(masked(message)) << '\n';
  if (!hint.empty()) std::cerr << "  hint: " << printable(masked(hint)) << '\n';
}

}  // namespace dialtone
