#pragma once

namespace dialtone {

/// One visitor of a variant from several lambdas: std::visit(Overloaded{...}, variant).
template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;  // implied in C++20, but clang 14 does not know that

}  // namespace dialtone
