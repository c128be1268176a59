#include "cmd/tabledump/write_entries.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cmd/tabledump/csv_text.h"
#include "cmd/tabledump/json_text.h"
#include "core/exposition/number.h"
#include "core/table/entry_value.h"

namespace ebpf_exporter {

// Writes the entries of one metric.
class EntryWriter::Metric : public EntryTaker {
 public:
  Metric(EntryWriter* writer, MetricPlan plan)
      : writer_(*writer), plan_(std::move(plan)) {
    AppendJsonString(plan_.header.name, json_name_);
  }

  bool Take(const EntryBatch& batch) override {
    for (size_t i = 0; i < batch.count; ++i) Write(batch, i);
    return writer_.buffer_.ok();
  }

 private:
  const EntryLayout& layout() const { return plan_.spec.layout; }

  void Write(const EntryBatch& batch, size_t i);
  void WriteNdjson(const EntryBatch& batch, size_t i);
  void WriteCsv(const EntryBatch& batch, size_t i);
  // False, and counted, if the key has no labels to show.
  bool Render(const std::byte* key);
  // `"value":3` or what stands for it.
  void AppendJsonBucket(uint64_t key);
  void AppendJsonSlots(const EntryBatch& batch, size_t i);
  void AppendNumber(const EntryBatch& batch, size_t i);
  void AppendCsvLabels();
  void AppendCsvLine(std::string_view le, uint64_t number);
  // `le` text for a slot's cell.
  std::string_view LeOf(size_t slot) const;
  // Slots that count, the sum's among them.
  uint32_t SlotCount() const;

  EntryWriter& writer_;
  const MetricPlan plan_;
  std::string json_name_;
  std::string labels_;  // label text of the entry at hand
  std::string line_;
  std::string csv_labels_;
};

void EntryWriter::Metric::Write(const EntryBatch& batch, size_t i) {
  labels_.clear();
  if (!Render(batch.key(i))) return;
  line_.clear();
  if (writer_.format_ == EntryFormat::kNdjson) {
    WriteNdjson(batch, i);
  } else {
    WriteCsv(batch, i);
  }
  writer_.buffer_.Append(line_);
}

bool EntryWriter::Metric::Render(const std::byte* key) {
  const Outcome outcome = plan_.renderer.Render(
      {reinterpret_cast<const char*>(key), layout().key_size}, labels_);
  if (outcome.verdict == Verdict::kKeep) return true;
  if (outcome.verdict == Verdict::kSkip) {
    ++writer_.undecoded_.skipped;
  } else {
    ++writer_.undecoded_.errors[std::string(outcome.reason)];
  }
  return false;
}

uint32_t EntryWriter::Metric::SlotCount() const {
  const size_t cells = plan_.spec.buckets->size() + 1;
  return static_cast<uint32_t>(std::min<size_t>(layout().slots->count, cells));
}

std::string_view EntryWriter::Metric::LeOf(size_t slot) const {
  const Buckets& buckets = *plan_.spec.buckets;
  if (slot == kNoSlot) return "outside";
  return slot == buckets.size() ? "sum" : buckets.le(slot);
}

void EntryWriter::Metric::AppendNumber(const EntryBatch& batch, size_t i) {
  const uint64_t number = SumOverCpus(batch, i, layout().value);
  if (layout().value.is_signed) {
    AppendSigned(static_cast<int64_t>(number), line_);
  } else {
    AppendUnsigned(number, line_);
  }
}

void EntryWriter::Metric::AppendJsonBucket(uint64_t key) {
  line_ += ",\"bucket\":";
  AppendUnsigned(key, line_);
  const size_t slot = plan_.spec.buckets->SlotOf(key);
  if (slot < plan_.spec.buckets->size()) {
    absl::StrAppend(&line_, ",\"le\":\"", LeOf(slot), "\"");
  } else {
    absl::StrAppend(&line_, ",\"", LeOf(slot), "\":true");
  }
}

void EntryWriter::Metric::AppendJsonSlots(const EntryBatch& batch, size_t i) {
  const auto buckets = static_cast<uint32_t>(plan_.spec.buckets->size());
  const uint32_t count = SlotCount();
  line_ += ",\"slots\":[";
  for (uint32_t slot = 0; slot < std::min(count, buckets); ++slot) {
    if (slot > 0) line_ += ',';
    AppendUnsigned(SlotOverCpus(batch, i, *layout().slots, slot), line_);
  }
  line_ += ']';
  if (count <= buckets) return;
  line_ += ",\"sum\":";
  AppendUnsigned(SlotOverCpus(batch, i, *layout().slots, buckets), line_);
}

void EntryWriter::Metric::WriteNdjson(const EntryBatch& batch, size_t i) {
  absl::StrAppend(&line_, "{\"metric\":", json_name_, ",\"labels\":");
  AppendJsonLabels(labels_, line_);
  if (layout().slots) {
    AppendJsonSlots(batch, i);
  } else {
    if (layout().bucket) {
      const NumberAt& bucket = *layout().bucket;
      AppendJsonBucket(ReadUnsigned(batch.key(i) + bucket.offset, bucket.size));
    }
    line_ += ",\"value\":";
    AppendNumber(batch, i);
  }
  line_ += "}\n";
}

void EntryWriter::Metric::AppendCsvLabels() {
  csv_labels_.clear();
  absl::StrAppend(&csv_labels_, plan_.header.name);
  for (const std::string& column : writer_.columns_) {
    csv_labels_ += ',';
    ForEachLabel(labels_, [&](std::string_view name, std::string_view value) {
      if (name == column) AppendCsvField(value, csv_labels_);
    });
  }
}

void EntryWriter::Metric::AppendCsvLine(std::string_view le, uint64_t number) {
  absl::StrAppend(&line_, csv_labels_, ",", le, ",");
  AppendUnsigned(number, line_);
  line_ += '\n';
}

void EntryWriter::Metric::WriteCsv(const EntryBatch& batch, size_t i) {
  AppendCsvLabels();
  if (layout().slots) {
    const uint32_t count = SlotCount();
    for (uint32_t slot = 0; slot < count; ++slot) {
      AppendCsvLine(LeOf(slot), SlotOverCpus(batch, i, *layout().slots, slot));
    }
    return;
  }
  line_ += csv_labels_;
  if (writer_.has_le_) line_ += ',';
  if (layout().bucket) {
    const NumberAt& bucket = *layout().bucket;
    line_ += LeOf(plan_.spec.buckets->SlotOf(
        ReadUnsigned(batch.key(i) + bucket.offset, bucket.size)));
  }
  line_ += ',';
  AppendNumber(batch, i);
  line_ += '\n';
}

EntryWriter::EntryWriter(EntryFormat format,
                         const std::vector<WantedMetric>& wanted,
                         TextSink* sink)
    : format_(format), buffer_(sink) {
  for (const WantedMetric& one : wanted) {
    const MetricConfig& metric = *one.metric;
    has_le_ = has_le_ || metric.kind == MetricKind::kHistogram;
    size_t count = metric.labels.size();
    // The bucket is no label.
    if (metric.kind == MetricKind::kHistogram && !metric.slots) --count;
    for (size_t i = 0; i < count; ++i) {
      const std::string& name = metric.labels[i].name;
      if (std::find(columns_.begin(), columns_.end(), name) == columns_.end()) {
        columns_.push_back(name);
      }
    }
  }
  if (format_ == EntryFormat::kCsv) WriteHeading();
}

void EntryWriter::WriteHeading() {
  std::string heading = "metric";
  for (const std::string& column : columns_)
    absl::StrAppend(&heading, ",", column);
  absl::StrAppend(&heading, has_le_ ? ",le" : "", ",value\n");
  buffer_.Append(heading);
}

std::unique_ptr<EntryTaker> EntryWriter::Taker(MetricPlan plan) {
  return std::make_unique<Metric>(this, std::move(plan));
}

}  // namespace ebpf_exporter
