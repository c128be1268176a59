// Decoded: the series of a dump, merged and in order, as a scrape of the same
// maps would have had them. Memory is proportional to the distinct keys.

#ifndef EBPF_EXPORTER_CMD_TABLEDUMP_DECODED_H_
#define EBPF_EXPORTER_CMD_TABLEDUMP_DECODED_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "cmd/tabledump/walk_dump.h"
#include "core/decode/decoders.h"
#include "core/dump/dump_reader.h"
#include "core/exposition/family.h"
#include "core/table/column.h"
#include "core/table/key_renderer.h"
#include "core/table/metric_table.h"
#include "core/table/series_budget.h"

namespace ebpf_exporter {

// Entries that gave no series, and why.
struct Undecoded {
  // By why, for the user: `uint_wrong_size`; keys, each counted once.
  std::map<std::string, uint64_t, std::less<>> errors;
  uint64_t skipped = 0;  // unwanted: a regexp of a label did not match
};

// A KeyRenderer that counts the keys it was told to skip.
class CountingRenderer {
 public:
  // `skipped` outlives this.
  CountingRenderer(KeyRenderer<AnyDecoder> renderer, uint64_t* skipped)
      : renderer_(std::move(renderer)), skipped_(skipped) {}

  Outcome Render(ByteView key, std::string& text) const {
    const Outcome outcome = renderer_.Render(key, text);
    if (outcome.verdict == Verdict::kSkip) ++*skipped_;
    return outcome;
  }

 private:
  KeyRenderer<AnyDecoder> renderer_;
  uint64_t* skipped_;
};

// Raw keys, in this host's byte order.
using KeySet = absl::flat_hash_set<std::string>;

class Decoded {
 public:
  // Whether the keys themselves are wanted too.
  enum class Keys { kDropped, kKept };

  using Table = MetricTable<CountingRenderer>;

  static absl::StatusOr<std::unique_ptr<Decoded>> From(
      DumpReader& reader, const WalkOptions& options,
      Keys keys = Keys::kDropped);
  Decoded(const Decoded&) = delete;  // families point into metrics
  Decoded& operator=(const Decoded&) = delete;

  // By name, one for all metrics of that name.
  const std::vector<MetricFamily>& families() const { return families_; }
  // Of a family, if they were kept.
  const KeySet& keys(std::string_view family) const;
  const WalkResult& walk() const { return walk_; }
  const Undecoded& undecoded() const { return undecoded_; }

 private:
  struct Metric {
    FamilyHeader header;
    std::unique_ptr<Table> table;
    Column column;
  };
  class Taker;

  Decoded() : budget_(UINT64_MAX) {}
  void Finish(Metric& metric, const std::vector<WantedMetric>& wanted);
  void MakeFamilies();

  SeriesBudget budget_;
  std::vector<std::unique_ptr<Metric>> metrics_;
  std::vector<MetricFamily> families_;
  std::map<std::string, KeySet, std::less<>> keys_;
  WalkResult walk_;
  Undecoded undecoded_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_TABLEDUMP_DECODED_H_
