#include "cmd/exporter/maps_page.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cmd/exporter/live_config.h"
#include "core/dump/split_by_cpu.h"
#include "core/layout/entry_layout.h"

namespace ebpf_exporter {
namespace {

// `[]byte{0x8, 0x0}`.
void AppendKey(std::string_view key, std::string& out) {
  out += "[]byte{";
  for (size_t i = 0; i < key.size(); ++i) {
    absl::StrAppendFormat(&out, "%s0x%x", i == 0 ? "" : ", ",
                          static_cast<unsigned char>(key[i]));
  }
  out += "}";
}

// The number, or the first slot, of one CPU.
void AppendNumber(const EntryLayout& layout, const std::byte* value,
                  std::string& out) {
  if (layout.slots) {
    absl::StrAppend(&out, ReadUnsigned(value + layout.slots->offset,
                                       layout.slots->element_size));
  } else if (layout.value.is_signed) {
    absl::StrAppend(&out,
                    ReadSigned(value + layout.value.offset, layout.value.size));
  } else {
    absl::StrAppend(
        &out, ReadUnsigned(value + layout.value.offset, layout.value.size));
  }
}

void AppendRows(const LiveConfig::Table& table, const EntryBatch& batch,
                size_t i, std::string& out) {
  const std::string_view key(reinterpret_cast<const char*>(batch.key(i)),
                             batch.key_size);
  std::string labels;
  const Outcome outcome = table.renderer().Render(key, labels);
  if (outcome.verdict == Verdict::kSkip) labels = "(skipped)";
  if (outcome.verdict == Verdict::kError) {
    labels = absl::StrCat("(undecodable: ", outcome.reason, ")");
  }
  for (uint32_t cpu = 0; cpu < batch.cpus; ++cpu) {
    AppendKey(key, out);
    absl::StrAppend(&out, " (labels: [", labels, "]) -> ");
    AppendNumber(table.layout(),
                 batch.value(i) + size_t{cpu} * batch.value_stride, out);
    out += "\n";
  }
}

bool WriteMap(const LiveConfig& config, const LiveConfig::Metric& metric,
              const LiveConfig::Map& map, size_t limit, BodyWriter& out) {
  if (!out.Write(absl::StrCat("### Map: ", map.shape.name, "\n\n```\n"))) {
    return false;
  }
  size_t written = 0;
  const absl::Status walked = config.ReadMap(map, [&](const EntryBatch& read) {
    std::optional<CpuSplitter> splitter(metric.cpu);
    SplitOrPass(splitter, read, [&](const EntryBatch& batch) {
      std::string text;
      for (size_t i = 0; i < batch.count && written < limit; ++i, ++written) {
        AppendRows(*metric.table, batch, i, text);
      }
      out.Write(text);
    });
  });
  return out.Write(absl::StrCat(
      walked.ok() ? "" : absl::StrCat(walked.message(), "\n"), "```\n\n"));
}

}  // namespace

bool WriteMaps(const LiveConfigs& configs, size_t limit, BodyWriter& out) {
  for (const std::unique_ptr<LiveConfig>& config : configs) {
    if (!out.Write(absl::StrCat("## Config: ", config->name(), "\n\n"))) {
      return false;
    }
    for (const LiveConfig::Map& map : config->maps()) {
      for (size_t i : map.metrics) {
        if (!WriteMap(*config, config->metrics()[i], map, limit, out)) {
          return false;
        }
      }
    }
  }
  return true;
}

}  // namespace ebpf_exporter
