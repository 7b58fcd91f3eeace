#include "reports/writing_memory.hpp"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#include <cstddef>
// As in <sanitizer/allocator_interface.h>, a header that g++ 12 does not come with.
extern "C" std::size_t
__sanitizer_get_current_allocated_bytes();  // NOLINT(bugprone-reserved-identifier)
#else
#include <malloc.h>
#endif

#include <algorithm>
#include <array>
#include <ostream>
#include <streambuf>

namespace dialtone {
namespace {

/// Octets that are allocated now.
std::size_t heap() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return __sanitizer_get_current_allocated_bytes();
#else
  const auto info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
#endif
}

/// Keeps nothing.
class Nowhere : public std::streambuf {
 public:
  Nowhere() { setp(piece_.data(), piece_.data() + piece_.size()); }

  Writing finish() {
    sync();
    return {octets_, most_ - std::min(most_, before_)};
  }

 protected:
  int sync() override {
    octets_ += static_cast<std::size_t>(pptr() - pbase());
    most_ = std::max(most_, heap());
    setp(piece_.data(), piece_.data() + piece_.size());
    return 0;
  }
  int_type overflow(int_type character) override {
    sync();
    if (!traits_type::eq_int_type(character, traits_type::eof()))
      sputc(traits_type::to_char_type(character));
    return traits_type::not_eof(character);
  }

 private:
  std::array<char, 4096> piece_{};
  std::size_t octets_ = 0;
  std::size_t before_ = heap();
  std::size_t most_ = 0;
};

}  // namespace

Writing measure_writing(const ReportFormat& format, const RunResult& run,
                        const ReportOptions& options) {
  Nowhere nowhere;
  std::ostream out(&nowhere);
  format.write(run, options, out);
  return nowhere.finish();
}

}  // namespace dialtone
