#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cmd/tabledump/commands.h"
#include "cmd/tabledump/dump_input.h"
#include "cmd/tabledump/exit_code.h"
#include "cmd/tabledump/files.h"
#include "cmd/tabledump/map_picture.h"
#include "cmd/tabledump/offline_config.h"
#include "cmd/tabledump/say.h"
#include "core/config/quote.h"
#include "core/decode/decoders.h"
#include "core/dump/detect_form.h"
#include "core/dump/looked_at_source.h"

namespace ebpf_exporter {
namespace {

absl::StatusOr<std::vector<MapShape>> MapsOf(DumpReader& reader) {
  std::vector<MapShape> maps;
  while (true) {
    const absl::StatusOr<const DumpedMap*> map = reader.NextMap();
    if (!map.ok()) return map.status();
    if (*map == nullptr) return maps;
    MapShape shape = (*map)->shape;
    const absl::StatusOr<EntryBatch> first = reader.NextBatch();
    if (!first.ok()) return first.status();
    if (first->count > 0) {
      shape.key_size = first->key_size;
      shape.value_size = first->value_size;
    }
    maps.push_back(std::move(shape));
  }
}

// Of a dump that carries types, or the sizes alone.
absl::StatusOr<std::vector<MapShape>> MapsOfDump(
    std::unique_ptr<ByteSource> source, const DumpFlags& flags) {
  absl::StatusOr<std::vector<MapShape>> shapes = std::vector<MapShape>();
  if (!flags.object.empty()) shapes = ReadObjectMaps(flags.object);
  if (!shapes.ok()) return shapes.status();
  absl::StatusOr<std::unique_ptr<DumpReader>> reader =
      OpenDumpInput(std::move(source), flags, *std::move(shapes));
  if (!reader.ok()) return reader.status();
  absl::StatusOr<std::vector<MapShape>> maps = MapsOf(**reader);
  SayNotes(**reader);
  if (maps.ok()) return maps;
  return absl::Status(
      maps.status().code(),
      absl::StrCat("\"", flags.path, "\": ", maps.status().message()));
}

// Of an object or a dump, told by its first bytes. A pipe is read but once.
absl::StatusOr<std::vector<MapShape>> ReadMaps(const DumpFlags& flags) {
  absl::StatusOr<std::unique_ptr<ByteSource>> source = OpenInput(flags.path);
  if (!source.ok()) return source.status();
  const absl::StatusOr<std::string> first =
      ReadFirstBytes(**source, kDetectBytes);
  if (!first.ok()) return first.status();
  auto whole = std::make_unique<LookedAtSource>(*first, *std::move(source));
  if (DetectForm(*first, false) == DumpForm::kElf) {
    return ReadObjectMaps(*whole, flags.path);
  }
  return MapsOfDump(std::move(whole), flags);
}

absl::Status Show(const LayoutFlags& flags) {
  const absl::StatusOr<std::vector<MapShape>> maps = ReadMaps(flags.dump);
  if (!maps.ok()) return maps.status();
  std::string text;
  std::vector<std::string> names;
  for (const MapShape& map : *maps) {
    names.push_back(Quoted(map.name));
    if (!flags.map.empty() && !IsTable(map.name, flags.map)) continue;
    if (!text.empty()) text += '\n';
    text += MapPicture(map, AnyDecoder::kNames);
  }
  if (text.empty()) {
    return absl::NotFoundError(absl::StrCat(
        "\"", flags.dump.path, "\" has ",
        flags.map.empty()
            ? "no maps"
            : absl::StrCat(
                  "no map ", Quoted(flags.map), "; it has ",
                  names.empty() ? "none" : absl::StrJoin(names, ", "))));
  }
  const std::unique_ptr<Output> output = Output::Stdout();
  output->Write(SafeText(text, Lines::kKept));
  return output->Close();
}

}  // namespace

int Layout(const LayoutFlags& flags) {
  const absl::Status status = Show(flags);
  if (status.ok()) return kFine;
  SayError(status);
  return kUnreadable;
}

}  // namespace ebpf_exporter
