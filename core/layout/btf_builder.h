// BTF for tests, built record by record; it checks nothing, so that it can also
// build what no compiler would.
//
//   BtfBuilder b;
//   uint32_t u64 = b.Int("__u64", 8);
//   b.Struct("key", 16, {{"address", u64, 0}, {"slot", u64, 64}});
//   absl::StatusOr<Btf> btf = Btf::Parse(b.Build());

#ifndef EBPF_EXPORTER_CORE_LAYOUT_BTF_BUILDER_H_
#define EBPF_EXPORTER_CORE_LAYOUT_BTF_BUILDER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "core/layout/btf_format.h"

namespace ebpf_exporter {

class BtfBuilder {
 public:
  static constexpr uint32_t kSigned = 1;
  static constexpr uint32_t kBool = 4;

  struct Field {
    std::string_view name;
    uint32_t type = 0;
    uint32_t bits = 0;  // offset; with a flagged struct also size << 24
  };

  // Each adds a record and gives its id.
  uint32_t Int(std::string_view name, uint32_t size, uint32_t encoding = 0) {
    return Raw(BtfKind::kInt, 0, false, name, size,
               {encoding << 24 | (size * 8)});
  }
  uint32_t Pointer(uint32_t target) {
    return Raw(BtfKind::kPointer, 0, false, "", target, {});
  }
  uint32_t Array(uint32_t element, uint32_t count) {
    return Raw(BtfKind::kArray, 0, false, "", 0, {element, 0, count});
  }
  // For kinds that only refer to another type.
  uint32_t Modifier(BtfKind kind, std::string_view name, uint32_t target) {
    return Raw(kind, 0, false, name, target, {});
  }
  uint32_t Struct(std::string_view name, uint32_t size,
                  const std::vector<Field>& fields, bool flag = false,
                  BtfKind kind = BtfKind::kStruct);
  uint32_t Prototype(const std::vector<Field>& parameters);
  uint32_t Variable(std::string_view name, uint32_t type) {
    return Raw(BtfKind::kVariable, 0, false, name, type, {1});
  }
  uint32_t Section(std::string_view name, const std::vector<uint32_t>& types);

  // Any record: `third` is size or type, `words` what follows.
  uint32_t Raw(BtfKind kind, uint32_t count, bool flag, std::string_view name,
               uint32_t third, const std::vector<uint32_t>& words);

  // Where a name lies among the strings, for the words of Raw().
  uint32_t Text(std::string_view text);

  std::string Build() const;

 private:
  void Put(uint32_t word) { Append(word, types_); }

  template <typename Word>
  static void Append(Word word, std::string& out) {
    char bytes[sizeof(word)];
    std::memcpy(bytes, &word, sizeof(word));
    out.append(bytes, sizeof(word));
  }

  std::string types_;
  std::string strings_ = std::string(1, '\0');
  uint32_t count_ = 0;
};

// Well-formed BTF of this byte order as a machine of the other one writes it.
std::string ForeignBtf(std::string bytes);

// Implementation below.

inline std::string ForeignBtf(std::string bytes) {
  const auto swap = [&bytes](size_t at, size_t size) {
    std::reverse(bytes.begin() + static_cast<ptrdiff_t>(at),
                 bytes.begin() + static_cast<ptrdiff_t>(at + size));
  };
  const internal::BtfSections sections = *internal::FindBtfSections(bytes);
  swap(0, 2);
  for (size_t at = 4; at < internal::kBtfHeaderSize; at += 4) swap(at, 4);
  for (size_t at = sections.types_begin; at < sections.types_end; at += 4) {
    swap(at, 4);
  }
  return bytes;
}

inline uint32_t BtfBuilder::Struct(std::string_view name, uint32_t size,
                                   const std::vector<Field>& fields, bool flag,
                                   BtfKind kind) {
  std::vector<uint32_t> words;
  for (const Field& field : fields) {
    words.insert(words.end(), {Text(field.name), field.type, field.bits});
  }
  return Raw(kind, static_cast<uint32_t>(fields.size()), flag, name, size,
             words);
}

inline uint32_t BtfBuilder::Prototype(const std::vector<Field>& parameters) {
  std::vector<uint32_t> words;
  for (const Field& field : parameters) {
    words.insert(words.end(), {Text(field.name), field.type});
  }
  return Raw(BtfKind::kFunctionPrototype,
             static_cast<uint32_t>(parameters.size()), false, "", 0, words);
}

inline uint32_t BtfBuilder::Section(std::string_view name,
                                    const std::vector<uint32_t>& types) {
  std::vector<uint32_t> words;
  for (uint32_t type : types) words.insert(words.end(), {type, 0, 0});
  return Raw(BtfKind::kDataSection, static_cast<uint32_t>(types.size()), false,
             name, 0, words);
}

inline uint32_t BtfBuilder::Raw(BtfKind kind, uint32_t count, bool flag,
                                std::string_view name, uint32_t third,
                                const std::vector<uint32_t>& words) {
  Put(Text(name));
  Put((flag ? 1U << 31 : 0) | static_cast<uint32_t>(kind) << 24 | count);
  Put(third);
  for (uint32_t word : words) Put(word);
  return ++count_;
}

inline std::string BtfBuilder::Build() const {
  std::string out;
  Append(internal::kBtfMagic, out);
  Append(internal::kBtfVersion, out);
  Append(uint8_t{0}, out);
  Append(internal::kBtfHeaderSize, out);
  Append(uint32_t{0}, out);
  Append(static_cast<uint32_t>(types_.size()), out);
  Append(static_cast<uint32_t>(types_.size()), out);
  Append(static_cast<uint32_t>(strings_.size()), out);
  return out + types_ + strings_;
}

inline uint32_t BtfBuilder::Text(std::string_view text) {
  if (text.empty()) return 0;
  uint32_t at = static_cast<uint32_t>(strings_.size());
  strings_.append(text);
  strings_.push_back('\0');
  return at;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_LAYOUT_BTF_BUILDER_H_
