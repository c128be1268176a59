// The few types that a map's key and value are made of, cut out of the BTF of a
// whole object or kernel, so that a capture can carry them.
//
//   BtfSubset subset(btf);
//   uint32_t key = subset.Add(map.key_type);      // ids of the subset
//   uint32_t value = subset.Add(map.value_type);
//   std::string bytes = std::move(subset).Build();
//
// The types have the same shapes and names as before. What lies behind a
// pointer is only named: structs and unions become forward declarations, enums
// lose their values and function prototypes their parameters. Tags of
// declarations are left out.

#ifndef EBPF_EXPORTER_CORE_LAYOUT_BTF_SUBSET_H_
#define EBPF_EXPORTER_CORE_LAYOUT_BTF_SUBSET_H_

#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/layout/btf.h"
#include "core/layout/btf_format.h"

namespace ebpf_exporter {

class BtfSubset {
 public:
  // `btf` outlives the subset.
  explicit BtfSubset(const Btf& btf) : btf_(btf) {}

  // Takes in a type of `btf` and all that it is made of; its id in the subset.
  // 0, void, stays 0.
  uint32_t Add(uint32_t id);

  // The bytes of the subset, in host order.
  std::string Build() &&;

 private:
  // A type of `btf`, and whether it is only to be named.
  using Wanted = std::pair<uint32_t, bool>;

  // The id that a type has or will have.
  uint32_t IdOf(uint32_t id, bool named_only);
  uint32_t TextOf(std::string_view text);
  void Append(const Wanted& wanted);
  void AppendTrailer(const BtfType& type, bool named_only);
  // Parts of `words` words that begin with a name, and a type if `typed`.
  void AppendParts(const BtfType& type, uint32_t words, bool typed);
  void Put(uint32_t word) { PutNumber(word, types_); }

  template <typename Number>
  static void PutNumber(Number number, std::string& out) {
    char bytes[sizeof(number)];
    std::memcpy(bytes, &number, sizeof(number));
    out.append(bytes, sizeof(bytes));
  }

  const Btf& btf_;
  std::vector<Wanted> wanted_;  // in order of their new ids, from 1
  size_t written_ = 0;          // of wanted_
  std::map<Wanted, uint32_t> ids_;
  std::string types_;
  std::string strings_ = std::string(1, '\0');
  std::map<std::string, uint32_t, std::less<>> texts_;
};

// Implementation below.

inline uint32_t BtfSubset::Add(uint32_t id) {
  const uint32_t added = IdOf(id, false);
  // What is appended may want more.
  while (written_ < wanted_.size()) Append(Wanted(wanted_[written_++]));
  return added;
}

inline uint32_t BtfSubset::IdOf(uint32_t id, bool named_only) {
  switch (btf_.Type(id).kind) {
    case BtfKind::kVoid:
    case BtfKind::kFunction:  // no type is made of these, unless it is damaged
    case BtfKind::kVariable:
    case BtfKind::kDataSection:
    case BtfKind::kDeclTag:
      return 0;
    case BtfKind::kInt:
    case BtfKind::kFloat:
    case BtfKind::kForward:
      named_only = false;  // no different
      break;
    default:
      break;
  }
  const auto [at, is_new] = ids_.try_emplace({id, named_only}, 0);
  if (is_new) {
    wanted_.push_back(at->first);
    at->second = static_cast<uint32_t>(wanted_.size());
  }
  return at->second;
}

inline uint32_t BtfSubset::TextOf(std::string_view text) {
  if (text.empty()) return 0;
  if (const auto known = texts_.find(text); known != texts_.end()) {
    return known->second;
  }
  const uint32_t at = static_cast<uint32_t>(strings_.size());
  strings_.append(text);
  strings_.push_back('\0');
  texts_.emplace(text, at);
  return at;
}

inline void BtfSubset::Append(const Wanted& wanted) {
  const BtfType type = btf_.Type(wanted.first);
  BtfKind kind = type.kind;
  bool flag = type.flag;
  uint32_t count = type.count;
  uint32_t third = type.size;
  bool named_only = wanted.second;
  if (named_only && (kind == BtfKind::kStruct || kind == BtfKind::kUnion)) {
    flag = kind == BtfKind::kUnion;  // as forward declarations tell them apart
    kind = BtfKind::kForward;
    third = 0;
  }
  if (named_only || kind == BtfKind::kFunctionPrototype) count = 0;
  if (internal::HasTarget(kind)) {
    named_only = named_only || kind == BtfKind::kPointer;
    third =
        kind == BtfKind::kFunctionPrototype ? 0 : IdOf(type.target, named_only);
  }
  Put(TextOf(type.name));
  Put((flag ? 1U << 31 : 0) | static_cast<uint32_t>(kind) << 24 | count);
  Put(third);
  if (kind == type.kind) AppendTrailer(type, named_only);
}

inline void BtfSubset::AppendTrailer(const BtfType& type, bool named_only) {
  switch (type.kind) {
    case BtfKind::kInt:
      return Put(btf_.TrailerWord(type, 0));
    case BtfKind::kArray: {
      const BtfArray array = btf_.ArrayOf(type);
      Put(IdOf(array.element, named_only));
      Put(array.index <= btf_.type_count() ? IdOf(array.index, named_only) : 0);
      return Put(array.count);
    }
    case BtfKind::kStruct:
    case BtfKind::kUnion:
      return AppendParts(type, 3, true);
    case BtfKind::kEnum:
      return named_only ? void() : AppendParts(type, 2, false);
    case BtfKind::kEnum64:
      return named_only ? void() : AppendParts(type, 3, false);
    default:
      return;  // no trailer, or kinds that no type is made of
  }
}

inline void BtfSubset::AppendParts(const BtfType& type, uint32_t words,
                                   bool typed) {
  for (uint32_t i = 0; i < type.count * words; i += words) {
    Put(TextOf(btf_.TextAt(btf_.TrailerWord(type, i))));
    const uint32_t second = btf_.TrailerWord(type, i + 1);
    Put(typed ? IdOf(second, false) : second);
    if (words == 3) Put(btf_.TrailerWord(type, i + 2));
  }
}

inline std::string BtfSubset::Build() && {
  std::string out;
  PutNumber(internal::kBtfMagic, out);
  PutNumber(internal::kBtfVersion, out);
  PutNumber(uint8_t{0}, out);
  PutNumber(internal::kBtfHeaderSize, out);
  PutNumber(uint32_t{0}, out);
  PutNumber(static_cast<uint32_t>(types_.size()), out);
  PutNumber(static_cast<uint32_t>(types_.size()), out);
  PutNumber(static_cast<uint32_t>(strings_.size()), out);
  return out + types_ + strings_;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_LAYOUT_BTF_SUBSET_H_
