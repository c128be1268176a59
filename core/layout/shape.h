// The shape of a BPF map: its sizes and, where the object carries BTF, the
// structs of its key and value. Plain values, so that a live map, an object
// file and a capture describe themselves alike.

#ifndef EBPF_EXPORTER_CORE_LAYOUT_SHAPE_H_
#define EBPF_EXPORTER_CORE_LAYOUT_SHAPE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/layout/enum_names.h"

namespace ebpf_exporter {

enum class MemberKind {
  kUnsigned,  // integers, chars and enums as the kernel stores them
  kSigned,
  kBool,
  kPointer,
  kChars,  // char[], u8[]: bytes or text
  kArray,  // array of integers: `count` elements of `element_size`
  kOther,  // floats, unions, bitfields, arrays of structs: bytes only
};

// A leaf of a struct: nested structs are flattened, with dotted names.
struct Member {
  std::string name;  // empty for a type that is a single integer or array
  std::string type;  // as C writes it: `__u64`, `char[16]`, `struct foo *`
  MemberKind kind = MemberKind::kOther;
  uint32_t offset = 0;        // bytes from the start of key or value
  uint32_t size = 0;          // bytes, whole array included
  uint32_t element_size = 0;  // kArray and kChars; else equal to size
  uint32_t count = 1;         // elements; 1 unless an array
  bool element_signed = false;
  EnumNames enums = {};  // of an enum; else empty
};

// The type of a key or value, with its members in order of offset.
struct TypeShape {
  std::string name;  // `struct disk_key`, `__u32`
  uint32_t size = 0;
  std::vector<Member> members;
};

// Numbers are those of the kernel's enum bpf_map_type
// (include/uapi/linux/bpf.h).
enum class MapType : uint32_t {
  kUnspecified = 0,
  kHash = 1,
  kArray = 2,
  kPerfEventArray = 4,
  kPerCpuHash = 5,
  kPerCpuArray = 6,
  kLruHash = 9,
  kLruPerCpuHash = 10,
  kLpmTrie = 11,
  kRingBuf = 27,
};

struct MapShape {
  std::string name;
  MapType type = MapType::kUnspecified;
  uint32_t key_size = 0;
  uint32_t value_size = 0;  // of one CPU, for per-CPU maps
  uint32_t max_entries = 0;
  std::optional<TypeShape> key;
  std::optional<TypeShape> value;
};

// True for sizes of numbers that can be read out of an entry.
inline bool IsNumberSize(uint32_t bytes) {
  return bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8;
}

// True for kinds that are one integer.
inline bool IsScalar(MemberKind kind) {
  return kind == MemberKind::kUnsigned || kind == MemberKind::kSigned ||
         kind == MemberKind::kBool || kind == MemberKind::kPointer;
}

// True for maps that hold one value for each possible CPU.
inline bool IsPerCpu(MapType type) {
  return type == MapType::kPerCpuHash || type == MapType::kPerCpuArray ||
         type == MapType::kLruPerCpuHash;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_LAYOUT_SHAPE_H_
