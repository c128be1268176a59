#include "cmd/tabledump/redact.h"

#include <openssl/hmac.h>

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "absl/strings/str_cat.h"

namespace ebpf_exporter {

EntryBatch Redactor::Redact(const EntryBatch& batch) {
  keys_.assign(batch.keys, batch.key(batch.count));
  values_.assign(batch.values, batch.value(batch.count));
  for (size_t i = 0; i < batch.count; ++i) {
    Replace(key_, keys_.data() + i * batch.key_size);
  }
  for (size_t i = 0; i < batch.count * batch.cpus; ++i) {
    Replace(value_, values_.data() + i * batch.value_stride);
  }
  EntryBatch redacted = batch;
  redacted.keys = keys_.data();
  redacted.values = values_.data();
  return redacted;
}

void Redactor::Replace(const std::vector<BytesAt>& texts, std::byte* at) const {
  for (const BytesAt& text : texts) {
    std::byte* const begin = at + text.offset;
    std::byte* const end = begin + text.size;
    std::byte* const nul = std::find(begin, end, std::byte{0});
    Hash(begin, static_cast<size_t>(nul - begin));
    // What a longer text left behind the NUL is text too.
    std::byte* const stale = std::find_if(
        nul, end, [](std::byte byte) { return byte != std::byte{0}; });
    Hash(stale, static_cast<size_t>(end - stale));
  }
}

void Redactor::Hash(std::byte* at, size_t size) const {
  static constexpr std::string_view kCharacters =
      "abcdefghijklmnopqrstuvwxyz0123456789";
  if (size == 0) return;
  const std::string text(reinterpret_cast<const char*>(at), size);
  uint8_t digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  for (size_t i = 0; i < size; ++i) {
    if (i % 32 == 0) {
      // A digest is 32 characters; longer texts take several, numbered.
      const std::string input = absl::StrCat(i / 32, ":", text);
      HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()),
           reinterpret_cast<const uint8_t*>(input.data()), input.size(), digest,
           &length);
    }
    at[i] = static_cast<std::byte>(
        kCharacters[digest[i % 32] % kCharacters.size()]);
  }
}

}  // namespace ebpf_exporter
