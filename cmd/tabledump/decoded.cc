#include "cmd/tabledump/decoded.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace ebpf_exporter {

// Puts entries into the table of a metric.
class Decoded::Taker : public EntryTaker {
 public:
  // `keys`: where to put keys, or null.
  Taker(Table* table, KeySet* keys) : table_(table), keys_(keys) {}

  bool Take(const EntryBatch& batch) override {
    table_->Take(batch);
    if (keys_ == nullptr) return true;
    for (size_t i = 0; i < batch.count; ++i) {
      const char* key = reinterpret_cast<const char*>(batch.key(i));
      keys_->emplace(key, batch.key_size);
    }
    return true;
  }

 private:
  Table* const table_;
  KeySet* const keys_;
};

absl::StatusOr<std::unique_ptr<Decoded>> Decoded::From(
    DumpReader& reader, const WalkOptions& options, Keys keys) {
  std::unique_ptr<Decoded> decoded(new Decoded());
  const auto make = [&decoded,
                     keys](MetricPlan plan) -> std::unique_ptr<EntryTaker> {
    auto metric = std::make_unique<Metric>();
    metric->header = std::move(plan.header);
    metric->table =
        std::make_unique<Table>(std::move(plan.spec),
                                CountingRenderer(std::move(plan.renderer),
                                                 &decoded->undecoded_.skipped),
                                &decoded->budget_);
    metric->table->BeginWalk({}, kNoSource);
    Table* const table = metric->table.get();
    KeySet* const kept =
        keys == Keys::kKept ? &decoded->keys_[metric->header.name] : nullptr;
    decoded->metrics_.push_back(std::move(metric));
    return std::make_unique<Taker>(table, kept);
  };
  absl::StatusOr<WalkResult> walk = WalkDump(reader, options, make);
  if (!walk.ok()) return walk.status();
  decoded->walk_ = *std::move(walk);
  for (const auto& metric : decoded->metrics_) {
    decoded->Finish(*metric, options.wanted);
  }
  decoded->MakeFamilies();
  return decoded;
}

void Decoded::Finish(Metric& metric, const std::vector<WantedMetric>& wanted) {
  metric.column = metric.table->EndWalk(/*complete=*/true);
  for (const DecodeErrors& errors : metric.table->errors()) {
    undecoded_.errors[std::string(errors.reason)] += errors.count;
  }
  // A family has the help of the metric that the configuration names first.
  for (const WantedMetric& one : wanted) {
    if (absl::StrCat(kMetricPrefix, one.metric->name) != metric.header.name) {
      continue;
    }
    metric.header.help = one.metric->help;
    return;
  }
}

const KeySet& Decoded::keys(std::string_view family) const {
  static const KeySet kNone;
  const auto found = keys_.find(family);
  return found == keys_.end() ? kNone : found->second;
}

void Decoded::MakeFamilies() {
  for (const auto& metric : metrics_) {
    const auto family = std::find_if(
        families_.begin(), families_.end(), [&](const MetricFamily& known) {
          return known.header->name == metric->header.name;
        });
    if (family != families_.end()) {
      family->columns.push_back(&metric->column);
      continue;
    }
    families_.push_back({.header = &metric->header,
                         .buckets = metric->table->buckets(),
                         .is_signed = metric->table->layout().value.is_signed,
                         .columns = {&metric->column}});
  }
  std::sort(families_.begin(), families_.end(),
            [](const MetricFamily& a, const MetricFamily& b) {
              return a.header->name < b.header->name;
            });
}

}  // namespace ebpf_exporter
