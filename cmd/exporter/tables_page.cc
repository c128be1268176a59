#include "cmd/exporter/tables_page.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "cmd/exporter/live_config.h"
#include "core/dump/split_by_cpu.h"
#include "core/layout/entry_layout.h"
#include "core/table/entry_value.h"

namespace ebpf_exporter {
namespace {

std::string LabelsOf(const LiveConfig::Table& table, std::string_view key) {
  std::string labels;
  const Outcome outcome = table.renderer().Render(key, labels);
  switch (outcome.verdict) {
    case Verdict::kKeep:
      return absl::StrCat("{", labels, "}");
    case Verdict::kSkip:
      return "(skipped)";
    case Verdict::kError:
      return absl::StrCat("(undecodable: ", outcome.reason, ")");
  }
  return "";
}

// The entry's number summed over CPUs, or its slots as a list.
std::string NumberOf(const EntryLayout& layout, const EntryBatch& batch,
                     size_t i) {
  const NumberAt first = layout.slots
                             ? NumberAt{.offset = layout.slots->offset,
                                        .size = layout.slots->element_size}
                             : layout.value;
  const uint32_t count = layout.slots ? layout.slots->count : 1;
  std::string out;
  for (uint32_t slot = 0; slot < count; ++slot) {
    const uint64_t sum =
        SumOverCpus(batch, i,
                    {.offset = first.offset + slot * first.size,
                     .size = first.size,
                     .is_signed = first.is_signed});
    if (slot > 0) out.push_back(' ');
    if (first.is_signed) {
      absl::StrAppend(&out, static_cast<int64_t>(sum));
    } else {
      absl::StrAppend(&out, sum);
    }
  }
  return out;
}

bool WriteTable(const LiveConfig& config, const LiveConfig::Metric& metric,
                const LiveConfig::Map& map, size_t limit, BodyWriter& out) {
  if (!out.Write(absl::StrCat("### Table: ", map.shape.name, " (",
                              metric.header.name, ")\n\n```\n"))) {
    return false;
  }
  size_t written = 0;
  std::optional<CpuSplitter> splitter(metric.cpu);
  const auto write = [&](const EntryBatch& batch) {
    std::string text;
    for (size_t i = 0; i < batch.count && written < limit; ++i, ++written) {
      const std::string_view key(reinterpret_cast<const char*>(batch.key(i)),
                                 batch.key_size);
      absl::StrAppend(&text, absl::BytesToHexString(key), " ",
                      LabelsOf(*metric.table, key), " -> ",
                      NumberOf(metric.table->layout(), batch, i), "\n");
    }
    out.Write(text);
  };
  const absl::Status walked = config.ReadMap(
      map, [&](const EntryBatch& read) { SplitOrPass(splitter, read, write); });
  return out.Write(absl::StrCat(
      walked.ok() ? "" : absl::StrCat(walked.message(), "\n"),
      written == limit ? "... and perhaps more\n" : "", "```\n\n"));
}

}  // namespace

bool WriteTables(const LiveConfigs& configs, size_t limit, BodyWriter& out) {
  for (const std::unique_ptr<LiveConfig>& config : configs) {
    if (!out.Write(absl::StrCat("## Program: ", config->name(), "\n\n"))) {
      return false;
    }
    for (const LiveConfig::Map& map : config->maps()) {
      for (size_t i : map.metrics) {
        if (!WriteTable(*config, config->metrics()[i], map, limit, out)) {
          return false;
        }
      }
    }
  }
  return true;
}

}  // namespace ebpf_exporter
