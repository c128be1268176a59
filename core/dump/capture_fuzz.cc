// Any bytes are refused as a capture, or read soundly: no byte outside the
// batches' own is looked at (each batch is copied whole), the lenient reader
// gives all that the strict one gave, and a capture that is read without an
// error is written again as the same.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "core/dump/byte_source.h"
#include "core/dump/capture_exercise.h"
#include "core/dump/capture_format.h"
#include "core/dump/capture_reader.h"

namespace {

using namespace ebpf_exporter;  // NOLINT: a program of its own

void Check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

// Gives blocks the checksums that they ought to have, so that what lies behind
// these is reached too.
std::string WithChecksums(std::string bytes) {
  if (bytes.size() < internal::kFileHeadSize) return bytes;
  bytes.replace(0, internal::kFileHeadSize, internal::FileHead());
  uint32_t crc = internal::HeadsCrc(internal::FileHead());
  for (size_t at = internal::kFileHeadSize;
       at + internal::kBlockHeadSize <= bytes.size();) {
    internal::FieldReader fields(std::string_view(bytes).substr(at));
    internal::BlockHead head;
    head.kind = static_cast<internal::BlockKind>(fields.U32());
    head.count = fields.U32();
    head.length = fields.U32();
    const size_t content = at + internal::kBlockHeadSize;
    if (head.length > bytes.size() - content) break;
    if (head.kind == internal::BlockKind::kEnd && head.length == 28) {
      std::string last;
      internal::PutLittle(crc, last);
      bytes.replace(content + 24, 4, last);
    }
    head.content_crc =
        internal::Crc(std::string_view(bytes).substr(content, head.length));
    const std::string encoded = internal::Encode(head);
    bytes.replace(at, encoded.size(), encoded);
    crc = internal::HeadsCrc(encoded, crc);
    at = content + head.length;
  }
  return bytes;
}

void CheckReaders(const std::string& bytes) {
  const ReadResult strict = ReadCapture(bytes);
  const ReadResult lenient = ReadCapture(bytes, {.lenient = true});
  CaptureReader pieces(std::make_unique<SmallSource>(bytes));
  const ReadResult again = ReadAll(pieces);
  Check(again.maps == strict.maps && again.status == strict.status,
        "pieces of another size give another capture");
  if (strict.status.ok()) {
    Check(lenient.status.ok() && lenient.notes.damage.empty() &&
              lenient.maps == strict.maps,
          "leniency changes a sound capture");
    return;
  }
  Check(lenient.maps.size() >= strict.maps.size(),
        "leniency loses what precedes the damage");
  for (size_t i = 0; i < strict.maps.size(); ++i) {
    Check(lenient.maps[i].keys.size() >= strict.maps[i].keys.size(),
          "leniency loses entries that precede the damage");
  }
  Check(!lenient.status.ok() || !lenient.notes.damage.empty(),
        "damage goes unmentioned");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  CheckReaders(bytes);
  CheckReaders(WithChecksums(bytes));
  return 0;
}
