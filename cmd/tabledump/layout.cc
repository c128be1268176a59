#include <memory>
#include <string>
#include <string_view>
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

namespace ebpf_exporter {
namespace {

// True if the file begins as an object does. Standard input cannot be looked at
// twice, so an object has to be a file.
absl::StatusOr<bool> IsObject(const std::string& path) {
  if (path == "-") return false;
  absl::StatusOr<std::unique_ptr<ByteSource>> source = OpenInput(path);
  if (!source.ok()) return source.status();
  char magic[4];
  const absl::StatusOr<size_t> got = (*source)->Read(magic);
  if (!got.ok()) return got.status();
  return std::string_view(magic, *got) ==
         "\x7f"
         "ELF";
}

absl::StatusOr<std::vector<MapShape>> MapsOfDump(const DumpFlags& flags) {
  absl::StatusOr<std::unique_ptr<DumpReader>> reader = OpenDumpInput(flags, {});
  if (!reader.ok()) return reader.status();
  std::vector<MapShape> maps;
  while (true) {
    const absl::StatusOr<const DumpedMap*> map = (*reader)->NextMap();
    if (!map.ok()) return map.status();
    if (*map == nullptr) return maps;
    MapShape shape = (*map)->shape;
    const absl::StatusOr<EntryBatch> first = (*reader)->NextBatch();
    if (!first.ok()) return first.status();
    if (first->count > 0) {
      shape.key_size = first->key_size;
      shape.value_size = first->value_size;
    }
    maps.push_back(std::move(shape));
  }
}

absl::Status Show(const LayoutFlags& flags) {
  const absl::StatusOr<bool> object = IsObject(flags.dump.path);
  if (!object.ok()) return object.status();
  const absl::StatusOr<std::vector<MapShape>> maps =
      *object ? ReadObjectMaps(flags.dump.path) : MapsOfDump(flags.dump);
  if (!maps.ok()) return maps.status();
  std::string text;
  std::vector<std::string> names;
  for (const MapShape& map : *maps) {
    names.push_back(Quoted(map.name));
    if (!flags.map.empty() && !IsTable(map.name, flags.map)) continue;
    if (!text.empty()) text += '\n';
    text += MapPicture(map);
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
