#pragma once

#include <asio/awaitable.hpp>
#include <asio/experimental/as_tuple.hpp>
#include <asio/io_context.hpp>
#include <asio/use_awaitable.hpp>

namespace dialtone {

/// The one executor of a worker, typed: a type-erased one costs an allocation and virtual calls for
/// each operation.
using Executor = asio::io_context::executor_type;

/// A coroutine on a worker's loop: `co_await` it from another one, or start it with asio::co_spawn.
template <class T = void>
using Task = asio::awaitable<T, Executor>;

/// The completion token of every asynchronous operation. What a peer does is a value, so the error
/// comes back in the tuple and nothing is thrown:
///     auto [error, count] = co_await socket.async_read_some(buffer, kAwait);
inline constexpr asio::experimental::as_tuple_t<asio::use_awaitable_t<Executor>> kAwait{
    asio::use_awaitable_t<Executor>{}};

}  // namespace dialtone
