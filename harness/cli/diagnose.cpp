#include "harness/cli/diagnose.hpp"

#include <iostream>

#include "harness/model/printable.hpp"

namespace dialtone {

void print_diagnostics(const Diagnostics& diagnostics) {
  for (const auto& diagnostic : diagnostics) std::cerr << render(diagnostic);
  if (diagnostics.empty()) return;
  std::cerr << diagnostics.size() << (diagnostics.size() == 1 ? " mistake" : " mistakes")
            << "; nothing was run\n";
}

void print_error(std::string_view message, std::string_view hint) {
  std::cerr << "dialtone: " << printable(message) << '\n';
  if (!hint.empty()) std::cerr << "  hint: " << printable(hint) << '\n';
}

}  // namespace dialtone
