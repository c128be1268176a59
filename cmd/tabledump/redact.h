// Redactor takes the text out of a capture and leaves its shape: who gets the
// file can still tell series apart and decode numbers, and cannot read names of
// commands, disks or hosts.
//
// Each text (text_places.h says where) is replaced by letters and digits made
// from a keyed hash (HMAC-SHA256) of the text up to its NUL, of the same
// length, so that equal texts stay equal within a capture. The key is random,
// lives as long as this object, and is written nowhere, so nobody can try names
// out. Bytes behind the NUL are hashed on their own; zeros stay zeros.
//
// Short texts may come to be the same: of 36 characters, two of length 4 are
// once in 1.7 million. Integers, addresses kept as integers among them, are
// left as they are.

#ifndef EBPF_EXPORTER_CMD_TABLEDUMP_REDACT_H_
#define EBPF_EXPORTER_CMD_TABLEDUMP_REDACT_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "core/dump/entry_batch.h"
#include "core/layout/entry_layout.h"

namespace ebpf_exporter {

class Redactor {
 public:
  // The texts of a key and of a value, and the key of the hash: 32 random
  // bytes.
  Redactor(std::vector<BytesAt> key, std::vector<BytesAt> value,
           std::string secret)
      : secret_(std::move(secret)),
        key_(std::move(key)),
        value_(std::move(value)) {}

  // A copy of the batch without its texts, lent until the next call.
  EntryBatch Redact(const EntryBatch& batch);

 private:
  void Replace(const std::vector<BytesAt>& texts, std::byte* at) const;
  // Writes `size` letters and digits over the bytes there.
  void Hash(std::byte* at, size_t size) const;

  const std::string secret_;
  const std::vector<BytesAt> key_;
  const std::vector<BytesAt> value_;
  std::vector<std::byte> keys_;
  std::vector<std::byte> values_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_TABLEDUMP_REDACT_H_
