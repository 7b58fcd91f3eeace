#pragma once

#include <netinet/in.h>
#include <sys/resource.h>

#include <string_view>

/// What the benchmark's server and its bare client say to each other, and what both need.
namespace dialtone::bench {

/// 你在么? in GBK: the client's only message.
inline constexpr std::string_view kRequest{"\xc4\xe3\xd4\xda\xc3\xb4\x3f", 7};

/// The server's only message; its FIN follows.
inline constexpr std::string_view kReply{"thank you !"};

/// 256 conversations in flight need more descriptors than some soft limits allow.
inline void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// The socket API takes every family through sockaddr*, hence the cast.
inline sockaddr* generic(sockaddr_in* address) { return reinterpret_cast<sockaddr*>(address); }

}  // namespace dialtone::bench
