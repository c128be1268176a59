// How a capture lies in its bytes; README.md beside this file says it byte for
// byte. Numbers of the frame are little-endian; keys, values and BTF are raw
// bytes of the host that was captured.
//
//   magic, version, checksum        16 bytes, FileHead()
//   block, block, ...               BlockHead, 20 bytes, and its content
//
// Only the capture's writer and reader need this, and who detects the magic.

#ifndef EBPF_EXPORTER_CORE_DUMP_CAPTURE_FORMAT_H_
#define EBPF_EXPORTER_CORE_DUMP_CAPTURE_FORMAT_H_

#include <zlib.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ebpf_exporter {

// The first bytes of a capture. Neither text nor UTF-8, and damaged by whatever
// converts line ends.
inline constexpr std::string_view kCaptureMagic(
    "\x89"
    "EBCAP\r\n",
    8);
inline constexpr uint32_t kCaptureVersion = 1;

namespace internal {

inline constexpr size_t kFileHeadSize = 16;
inline constexpr size_t kBlockHeadSize = 20;

// Longest content of a block: entries may need more when a single one does.
inline constexpr uint64_t kMaxBlock = 16 << 20;
inline constexpr uint64_t kMaxEntry = 1 << 30;
// Longest text of all symbols together; a kernel's whole list is 15 MB.
inline constexpr uint64_t kMaxSymbols = 256 << 20;
// Longest text of all other names of one kind together.
inline constexpr uint64_t kMaxNames = 256 << 20;
// Bytes of symbols to parse, each time that some come late.
inline constexpr uint64_t kMaxSymbolsWork = uint64_t{2} << 30;
// Content after which the writer ends a block of many entries.
inline constexpr uint64_t kGoodBlock = 1 << 20;

enum class BlockKind : uint32_t {
  kOrigin = 1,
  kMap = 2,
  kEntries = 3,
  kBrokenOff = 4,
  kEnd = 5,
  // Facts, 16 to 31. Readers skip those they do not know.
  kSymbols = 16,
  kBlockDevices = 17,
  kInterfaces = 18,
  kCgroups = 19,
  kPciNames = 20,
  kMachine = 21,
};

inline bool IsFact(BlockKind kind) {
  const uint32_t number = static_cast<uint32_t>(kind);
  return number >= 16 && number <= 31;
}

// What stands before the content of each block.
struct BlockHead {
  BlockKind kind = BlockKind::kEnd;
  uint32_t count = 0;   // entries, symbols, names; else 1
  uint32_t length = 0;  // of the content, in bytes
  uint32_t content_crc = 0;
};

// CRC-32 as zlib and PNG compute it, carried on from `crc`.
inline uint32_t Crc(std::string_view bytes, uint32_t crc = 0) {
  if (bytes.empty()) return crc;  // a null pointer would begin anew
  return static_cast<uint32_t>(
      crc32_z(crc, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

template <typename Number>
void PutLittle(Number number, std::string& out) {
  for (size_t i = 0; i < sizeof(number); ++i) {
    out.push_back(static_cast<char>(uint64_t{number} >> (8 * i)));
  }
}

// A length of four bytes and the bytes.
inline void PutText(std::string_view text, std::string& out) {
  PutLittle(static_cast<uint32_t>(text.size()), out);
  out.append(text);
}

// Reads fields front to back. After a field that is not there all are zero and
// `ok()` is false.
class FieldReader {
 public:
  explicit FieldReader(std::string_view bytes) : rest_(bytes) {}

  uint32_t U32() { return static_cast<uint32_t>(Number(4)); }
  uint64_t U64() { return Number(8); }
  std::string_view Text() { return Take(U32()); }

  // All fields were there.
  bool ok() const { return ok_; }
  // They were, and nothing follows them.
  bool done() const { return ok_ && rest_.empty(); }

 private:
  std::string_view Take(size_t size) {
    ok_ = ok_ && size <= rest_.size();
    if (!ok_) return {};
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  uint64_t Number(size_t size) {
    uint64_t number = 0;
    for (const char byte : Take(size)) {
      // Bytes move in at the top and down to their places.
      number = number >> 8 | uint64_t{static_cast<unsigned char>(byte)} << 56;
    }
    return size == 0 ? 0 : number >> (64 - 8 * size);
  }

  std::string_view rest_;
  bool ok_ = true;
};

// A checksum over many heads, carried on from `crc`: each without its own,
// since a CRC over what ends with its CRC no longer depends on it.
inline uint32_t HeadsCrc(std::string_view head, uint32_t crc = 0) {
  return Crc(head.substr(0, head.size() - sizeof(crc)), crc);
}

inline std::string FileHead() {
  std::string head(kCaptureMagic);
  PutLittle(kCaptureVersion, head);
  PutLittle(Crc(head), head);
  return head;
}

inline std::string Encode(const BlockHead& head) {
  std::string bytes;
  PutLittle(static_cast<uint32_t>(head.kind), bytes);
  PutLittle(head.count, bytes);
  PutLittle(head.length, bytes);
  PutLittle(head.content_crc, bytes);
  PutLittle(Crc(bytes), bytes);
  return bytes;
}

}  // namespace internal
}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DUMP_CAPTURE_FORMAT_H_
