#include "harness/model/errno_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace dialtone {
namespace {

struct NamedError {
  std::string_view name;
  int value;
};

// What the socket calls document (connect(2), bind(2), send(2), recv(2), accept(2), ip(7), tcp(7)).
constexpr std::array kErrors{
    NamedError{"EACCES", EACCES},
    NamedError{"EADDRINUSE", EADDRINUSE},
    NamedError{"EADDRNOTAVAIL", EADDRNOTAVAIL},
    NamedError{"EAFNOSUPPORT", EAFNOSUPPORT},
    NamedError{"EAGAIN", EAGAIN},
    NamedError{"EALREADY", EALREADY},
    NamedError{"EBADF", EBADF},
    NamedError{"ECONNABORTED", ECONNABORTED},
    NamedError{"ECONNREFUSED", ECONNREFUSED},
    NamedError{"ECONNRESET", ECONNRESET},
    NamedError{"EDESTADDRREQ", EDESTADDRREQ},
    NamedError{"EHOSTUNREACH", EHOSTUNREACH},
    NamedError{"EINPROGRESS", EINPROGRESS},
    NamedError{"EINVAL", EINVAL},
    NamedError{"EISCONN", EISCONN},
    NamedError{"EMFILE", EMFILE},
    NamedError{"EMSGSIZE", EMSGSIZE},
    NamedError{"ENETUNREACH", ENETUNREACH},
    NamedError{"ENOPROTOOPT", ENOPROTOOPT},
    NamedError{"ENOTCONN", ENOTCONN},
    NamedError{"ENOTSOCK", ENOTSOCK},
    NamedError{"EOPNOTSUPP", EOPNOTSUPP},
    NamedError{"EPERM", EPERM},
    NamedError{"EPIPE", EPIPE},
    NamedError{"ETIMEDOUT", ETIMEDOUT},
    NamedError{"EWOULDBLOCK", EWOULDBLOCK},
};

}  // namespace

std::string errno_name(int error) {
  // glibc 2.32; unlike strerror it is neither translated nor shared between threads.
  const char* name = strerrorname_np(error);
  return name == nullptr || error == 0 ? fmt::format("errno {}", error) : std::string(name);
}

std::optional<int> find_errno(std::string_view name) {
  const auto* found = std::ranges::find(kErrors, name, &NamedError::name);
  if (found == kErrors.end()) return std::nullopt;
  return found->value;
}

}  // namespace dialtone
