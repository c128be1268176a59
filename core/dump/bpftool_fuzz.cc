// Any bytes are refused or read soundly as a dump of some form; in what pieces
// they come makes no difference, and leniency only turns the end into a note.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "core/dump/bpftool_exercise.h"
#include "core/dump/detect_options.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {
namespace {

Member MemberOf(MemberKind kind, const char* name, uint32_t offset,
                uint32_t size, uint32_t count) {
  Member member;
  member.name = name;
  member.type = "t";
  member.kind = kind;
  member.offset = offset;
  member.size = size;
  member.element_size = size / count;
  member.count = count;
  return member;
}

// The types of disk_latency, so that formatted text is turned back too.
MapShape Shape() {
  TypeShape key;
  key.name = "struct disk_key";
  key.size = 48;
  key.members = {MemberOf(MemberKind::kChars, "disk", 0, 32, 32),
                 MemberOf(MemberKind::kUnsigned, "op", 32, 1, 1),
                 MemberOf(MemberKind::kUnsigned, "slot", 40, 8, 1)};
  TypeShape value;
  value.name = "u64";
  value.size = 8;
  value.members = {MemberOf(MemberKind::kUnsigned, "", 0, 8, 1)};
  MapShape shape;
  shape.name = "disk_latency";
  shape.key = key;
  shape.value = value;
  return shape;
}

void Check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

// The lenient reading has what the strict one has, without its error.
void CheckLenient(const PlainDump& strict, const PlainDump& lenient) {
  if (strict.status.ok()) Check(lenient.maps == strict.maps, "maps differ");
  const bool opened = lenient.status.ok();
  if (!opened) Check(strict.maps.empty(), "leniency refuses what is readable");
  for (size_t i = 0; opened && i < strict.maps.size(); ++i) {
    Check(i < lenient.maps.size() &&
              lenient.maps[i].entries == strict.maps[i].entries,
          "entries differ");
  }
}

void CheckEntries(const PlainDump& dump) {
  for (const PlainMap& map : dump.maps) {
    for (const PlainEntry& entry : map.entries) {
      Check(entry.key.size() == map.key_size, "a key of another size");
      Check(entry.values.size() == map.entries[0].values.size(),
            "entries of different CPUs");
    }
  }
}

void Read(const std::string& bytes, DumpOptions options) {
  options.lenient = false;
  const PlainDump strict = ReadWhole(bytes, options);
  const PlainDump pieces =
      ReadWhole(std::make_unique<PieceSource>(bytes, 3), options);
  Check(strict.maps == pieces.maps, "pieces make a difference");
  Check(strict.status == pieces.status, "pieces make another error");
  CheckEntries(strict);
  options.lenient = true;
  CheckLenient(strict, ReadWhole(bytes, options));
}

}  // namespace
}  // namespace ebpf_exporter

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using ebpf_exporter::DumpOptions;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  ebpf_exporter::Read(bytes, DumpOptions());
  DumpOptions known;
  known.shapes = {ebpf_exporter::Shape()};
  ebpf_exporter::Read(bytes, known);
  return 0;
}
