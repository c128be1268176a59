#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "bpf/loader/capture_map.h"
#include "bpf/loader/find_map.h"
#include "bpf/loader/map_reader.h"
#include "cmd/exporter/recorded_host.h"
#include "cmd/exporter/recording_names.h"
#include "cmd/tabledump/address_finder.h"
#include "cmd/tabledump/choice.h"
#include "cmd/tabledump/commands.h"
#include "cmd/tabledump/exit_code.h"
#include "cmd/tabledump/files.h"
#include "cmd/tabledump/redact.h"
#include "cmd/tabledump/say.h"
#include "cmd/tabledump/text_places.h"
#include "cmd/tabledump/text_sink.h"
#include "core/decode/decoders.h"
#include "core/dump/capture_writer.h"
#include "core/dump/split_by_cpu.h"
#include "core/dump/zstd_sink.h"
#include "core/layout/btf.h"
#include "core/layout/btf_shape.h"
#include "core/plan/plan.h"
#include "core/table/key_renderer.h"

namespace ebpf_exporter {
namespace {

class PackedSink : public TextSink {
 public:
  explicit PackedSink(TextSink* sink) : packed_(sink) {}
  bool Write(std::string_view chunk) override { return packed_.Write(chunk); }
  bool Finish() override { return packed_.Finish(); }

 private:
  ZstdSink<TextSink> packed_;
};

// What makes the labels of a metric.
struct Naming {
  KeyRenderer<AnyDecoder> renderer;
  std::optional<CpuSplitter> splitter;

  void AskFor(const EntryBatch& read);
};

// A map to capture, the program of the configuration it belongs to, and the
// metrics that read it.
struct Wanted {
  FoundMap map;
  std::string config;
  std::vector<const MetricConfig*> metrics = {};  // of the configuration
};

absl::StatusOr<std::vector<Wanted>> FindByConfig(const Chosen& chosen) {
  std::vector<Wanted> maps;
  std::map<std::pair<std::string, std::string>, size_t> found;
  for (const WantedMetric& one : chosen.wanted) {
    const std::string& table = one.metric->table;
    const auto [place, is_new] =
        found.emplace(std::pair(one.program->name, table), maps.size());
    if (is_new) {
      absl::StatusOr<FoundMap> map = FindMapByName(table);
      if (!map.ok()) return map.status();
      map->shape.name = table;
      maps.push_back({.map = *std::move(map), .config = one.program->name});
    }
    maps[place->second].metrics.push_back(one.metric);
  }
  return maps;
}

absl::StatusOr<std::vector<Wanted>> FindMaps(const CaptureFlags& flags) {
  absl::StatusOr<FoundMap> map = flags.map_id ? FindMapById(*flags.map_id)
                                 : !flags.pinned.empty()
                                     ? FindPinnedMap(flags.pinned)
                                     : FindMapByName(flags.map_name);
  if (!map.ok()) return map.status();
  std::vector<Wanted> maps;
  maps.push_back({.map = *std::move(map), .config = ""});
  return maps;
}

// What takes the texts out of a map's entries. An error where the types do not
// tell texts from numbers.
absl::StatusOr<Redactor> RedactorFor(const CapturedMap& map,
                                     const std::string& secret) {
  const auto refuse = [&map](std::string_view why) {
    return absl::FailedPreconditionError(absl::StrCat(
        "--redact: ", why, " of map \"", map.shape.name,
        "\", so text cannot be told from numbers; nothing of it is written"));
  };
  if (map.key_type == 0 || map.value_type == 0) {
    return refuse("the kernel keeps no types");
  }
  const absl::StatusOr<Btf> btf = Btf::Parse(map.btf);
  if (!btf.ok()) return refuse("the kernel keeps damaged types");
  absl::StatusOr<std::vector<BytesAt>> key =
      TextPlaces(*btf, map.key_type, map.shape.key_size, EntryPart::kKey);
  if (!key.ok())
    return refuse(absl::StrCat(key.status().message(), ": the key"));
  absl::StatusOr<std::vector<BytesAt>> value =
      TextPlaces(*btf, map.value_type, map.shape.value_size, EntryPart::kValue);
  if (!value.ok()) {
    return refuse(absl::StrCat(value.status().message(), ": the value"));
  }
  return Redactor(*std::move(key), *std::move(value), secret);
}

// The shape with the types that the kernel keeps of the map.
MapShape WithTypes(MapShape shape, const CapturedMap& described) {
  if (described.btf.empty()) return shape;
  const absl::StatusOr<Btf> btf = Btf::Parse(described.btf);
  if (!btf.ok()) return shape;
  const auto type_of = [&btf](uint32_t id) -> std::optional<TypeShape> {
    if (id == 0) return std::nullopt;
    absl::StatusOr<TypeShape> type = ShapeOf(*btf, id);
    if (!type.ok()) return std::nullopt;
    return *std::move(type);
  };
  shape.key = type_of(described.key_type);
  shape.value = type_of(described.value_type);
  return shape;
}

absl::StatusOr<std::string> RandomSecret() {
  std::string secret(32, '\0');
  if (getrandom(secret.data(), secret.size(), 0) !=
      static_cast<ssize_t>(secret.size())) {
    return absl::ErrnoToStatus(errno, "cannot make a random key");
  }
  return secret;
}

// One run of `capture`.
class Capturing {
 public:
  explicit Capturing(const CaptureFlags& flags)
      : flags_(flags), finder_(&host_.names().symbols()) {}

  absl::Status Run();

 private:
  absl::StatusOr<std::vector<Wanted>> Find();
  absl::Status WriteTo(TextSink* sink, const std::vector<Wanted>& maps);
  // Those of the map's metrics whose labels are names of this host.
  std::vector<Naming> NamingOf(const Wanted& wanted,
                               const MapShape& shape) const;
  absl::Status WriteMap(const Wanted& wanted, CaptureWriter<TextSink>& writer);

  const CaptureFlags& flags_;
  std::optional<Chosen> chosen_;  // with --config.file
  RecordedHost host_;
  AddressFinder finder_;
  std::string secret_;
};

absl::Status Capturing::Run() {
  const absl::StatusOr<std::vector<Wanted>> maps = Find();
  if (!maps.ok()) return maps.status();
  if (flags_.redact) {
    absl::StatusOr<std::string> secret = RandomSecret();
    if (!secret.ok()) return secret.status();
    secret_ = *std::move(secret);
  }
  const absl::StatusOr<std::unique_ptr<Output>> output =
      Output::Open(flags_.output);
  if (!output.ok()) return output.status();
  if ((*output)->is_terminal()) {
    return absl::InvalidArgumentError(
        "a capture is not for a terminal; name a file with -o");
  }
  absl::Status status;
  if (absl::EndsWith(flags_.output, ".zst")) {
    PackedSink packed(output->get());
    status = WriteTo(&packed, *maps);
  } else {
    status = WriteTo(output->get(), *maps);
  }
  const absl::Status closed = (*output)->Close();
  return closed.ok() ? status : closed;
}

absl::StatusOr<std::vector<Wanted>> Capturing::Find() {
  if (flags_.choice.config_file.empty()) return FindMaps(flags_);
  absl::StatusOr<Chosen> chosen = ChooseMetrics(flags_.choice, {});
  if (!chosen.ok()) return chosen.status();
  chosen_ = *std::move(chosen);
  return FindByConfig(*chosen_);
}

std::vector<Naming> Capturing::NamingOf(const Wanted& wanted,
                                        const MapShape& shape) const {
  std::vector<Naming> naming;
  for (const MetricConfig* metric : wanted.metrics) {
    Findings
        findings;  // for whoever decodes; entries are captured all the same
    std::optional<MetricPlan> plan =
        PlanMetric(*metric, shape, host_.resolvers(), chosen_->config->file,
                   wanted.config, findings);
    if (!plan) continue;
    const auto used = [&plan](std::string_view decoder) {
      return plan->renderer.Uses(decoder);
    };
    if (std::any_of(kDecodersOfNames.begin(), kDecodersOfNames.end(), used)) {
      naming.push_back({.renderer = std::move(plan->renderer),
                        .splitter = std::optional<CpuSplitter>(plan->cpu)});
    }
  }
  return naming;
}

// Renders the labels of entries, for the names that are asked for on the way.
void Naming::AskFor(const EntryBatch& read) {
  std::string text;
  SplitOrPass(splitter, read, [&](const EntryBatch& batch) {
    for (size_t i = 0; i < batch.count; ++i) {
      text.clear();
      renderer.Render(
          {reinterpret_cast<const char*>(batch.key(i)), batch.key_size}, text);
    }
  });
}

absl::Status Capturing::WriteTo(TextSink* sink,
                                const std::vector<Wanted>& maps) {
  const absl::StatusOr<DumpOrigin> origin = ThisHost();
  if (!origin.ok()) return origin.status();
  CaptureWriter<TextSink> writer(sink, *origin);
  absl::Status status;
  for (const Wanted& wanted : maps) status.Update(WriteMap(wanted, writer));
  writer.Finish();
  sink->Finish();
  return status;
}

absl::Status Capturing::WriteMap(const Wanted& wanted,
                                 CaptureWriter<TextSink>& writer) {
  const FoundMap& map = wanted.map;
  const CapturedMap described =
      DescribeMap(map.fd.get(), map.shape, wanted.config);
  const MapShape shape = WithTypes(map.shape, described);
  std::optional<Redactor> redactor;
  if (flags_.redact) {
    absl::StatusOr<Redactor> made = RedactorFor(described, secret_);
    if (!made.ok()) return made.status();
    redactor.emplace(*std::move(made));
  }
  writer.BeginMap(described);
  finder_.SetMap(shape);
  // Names would tell what redaction hides.
  std::vector<Naming> naming =
      flags_.redact ? std::vector<Naming>() : NamingOf(wanted, shape);
  NameRecording recording;
  uint64_t entries = 0;
  absl::StatusOr<MapReader> reader = MapReader::Make(map.fd.get(), map.shape);
  absl::Status status = reader.status();
  if (status.ok()) {
    status = reader->Walk([&](const EntryBatch& batch) {
      entries += batch.count;
      const std::string symbols = finder_.LinesFor(batch);
      if (!symbols.empty()) writer.AddSymbols(symbols);
      for (Naming& metric : naming) metric.AskFor(batch);
      recording.WriteTo(writer);
      writer.Add(redactor ? redactor->Redact(batch) : batch);
    });
  }
  if (!status.ok()) writer.BreakOff(status.message());
  SayNote(absl::StrCat("map \"", shape.name, "\" (id ", map.id, "): ", entries,
                       " entries"));
  return status;
}

}  // namespace

int Capture(const CaptureFlags& flags) {
  const absl::Status status = Capturing(flags).Run();
  if (status.ok()) return kFine;
  SayError(status);
  return kUnreadable;
}

}  // namespace ebpf_exporter
