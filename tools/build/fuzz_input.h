// What fuzz targets share: a dealer of the input's bytes, copies that a
// sanitizer can guard, and checks that end the process, which is how a fuzzer
// learns of a fault.

#ifndef EBPF_EXPORTER_TOOLS_BUILD_FUZZ_INPUT_H_
#define EBPF_EXPORTER_TOOLS_BUILD_FUZZ_INPUT_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace ebpf_exporter {

// Deals out an input from front to back as the values a target needs. Where
// bytes run out it deals zeros, so every input means something.
class FuzzInput {
 public:
  FuzzInput(const uint8_t* data, size_t size)
      : rest_(reinterpret_cast<const char*>(data), size) {}

  bool empty() const { return rest_.empty(); }
  uint8_t Byte();
  bool Coin() { return (Byte() & 1) != 0; }
  // Of one byte, so at most 255. REQUIRES: limit > 0.
  size_t Below(size_t limit) { return Byte() % limit; }
  // Of eight bytes, little-endian.
  uint64_t Number();
  // As many as are left of `size` bytes.
  std::string_view Bytes(size_t size);
  std::string_view Rest() { return Bytes(rest_.size()); }

 private:
  std::string_view rest_;
};

// A copy in memory of its own, without a byte to spare: a read beyond either
// end is one that AddressSanitizer sees.
class ExactCopy {
 public:
  explicit ExactCopy(std::string_view text);

  std::string_view view() const { return {bytes_.get(), size_}; }
  const std::byte* bytes() const {
    return reinterpret_cast<const std::byte*>(bytes_.get());
  }

 private:
  std::unique_ptr<char[]> bytes_;
  size_t size_;
};

// Ends the process unless `good`, and says what was wrong.
void FuzzCheck(bool good, std::string_view what);

// The same for two texts, which it shows with their control bytes escaped.
void FuzzCheckEqual(std::string_view found, std::string_view expected,
                    std::string_view what);

// Implementation.

namespace internal {

inline void PrintEscaped(std::string_view name, std::string_view text) {
  std::fprintf(stderr, "  %.*s: \"", static_cast<int>(name.size()),
               name.data());
  for (const char c : text) {
    const bool plain = c >= ' ' && c <= '~' && c != '\\' && c != '"';
    if (plain) {
      std::fputc(c, stderr);
    } else {
      std::fprintf(stderr, "\\x%02x", static_cast<unsigned char>(c));
    }
  }
  std::fputs("\"\n", stderr);
}

[[noreturn]] inline void Fault(std::string_view what) {
  std::fprintf(stderr, "fault: %.*s\n", static_cast<int>(what.size()),
               what.data());
  std::abort();
}

}  // namespace internal

inline uint8_t FuzzInput::Byte() {
  const std::string_view one = Bytes(1);
  return one.empty() ? 0 : static_cast<uint8_t>(one[0]);
}

inline uint64_t FuzzInput::Number() {
  uint64_t number = 0;
  for (int shift = 0; shift < 64; shift += 8) {
    number |= uint64_t{Byte()} << shift;
  }
  return number;
}

inline std::string_view FuzzInput::Bytes(size_t size) {
  const std::string_view taken = rest_.substr(0, size);
  rest_.remove_prefix(taken.size());
  return taken;
}

inline ExactCopy::ExactCopy(std::string_view text)
    : bytes_(new char[text.size()]), size_(text.size()) {
  std::copy(text.begin(), text.end(), bytes_.get());
}

inline void FuzzCheck(bool good, std::string_view what) {
  if (!good) internal::Fault(what);
}

inline void FuzzCheckEqual(std::string_view found, std::string_view expected,
                           std::string_view what) {
  if (found == expected) return;
  internal::PrintEscaped("found   ", found);
  internal::PrintEscaped("expected", expected);
  internal::Fault(what);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_TOOLS_BUILD_FUZZ_INPUT_H_
