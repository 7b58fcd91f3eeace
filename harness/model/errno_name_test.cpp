#include "harness/model/errno_name.hpp"

#include <gtest/gtest.h>

#include <cerrno>

namespace dialtone {
namespace {

TEST(ErrnoNameTest, NamesAnErrorByItsSymbol) {
  EXPECT_EQ(errno_name(ECONNREFUSED), "ECONNREFUSED");
  EXPECT_EQ(errno_name(EPIPE), "EPIPE");
}

TEST(ErrnoNameTest, KeepsTheNumberWhereThereIsNoName) {
  EXPECT_EQ(errno_name(4711), "errno 4711");
  EXPECT_EQ(errno_name(0), "errno 0");
}

TEST(ErrnoNameTest, FindsEveryErrorThatASocketCallReturns) {
  for (const int error :
       {EPIPE,       ENOTCONN,     EINVAL,      EADDRINUSE,    EISCONN,     ECONNREFUSED,
        ECONNRESET,  EAGAIN,       EINPROGRESS, EALREADY,      ETIMEDOUT,   EHOSTUNREACH,
        ENETUNREACH, EACCES,       EPERM,       EADDRNOTAVAIL, EOPNOTSUPP,  EDESTADDRREQ,
        EMSGSIZE,    ECONNABORTED, EBADF,       ENOTSOCK,      ENOPROTOOPT, EMFILE}) {
    EXPECT_EQ(find_errno(errno_name(error)), error) << errno_name(error);
  }
}

TEST(ErrnoNameTest, RefusesAWordThatIsNoError) {
  EXPECT_EQ(find_errno("EWHATEVER"), std::nullopt);
  EXPECT_EQ(find_errno("econnreset"), std::nullopt);
  EXPECT_EQ(find_errno(""), std::nullopt);
}

}  // namespace
}  // namespace dialtone
