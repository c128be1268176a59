// A Scenario is a kind of map, a metric over it and the labels in its keys:
// what is scraped, apart from how much of it. Entries are made from serial
// numbers, so none of them has to be remembered.
//
//   uint     {u32}                      id="2654435761"
//   four     {char[16], u64, u32, u32}  caller="vfs_read",comm="task-7",
//                                       cpu="3",op="read"
//   regexp   {char[32]}                 path="/dev/disk7/part"

#ifndef EBPF_EXPORTER_BENCHMARK_SCRAPE_SCENARIO_H_
#define EBPF_EXPORTER_BENCHMARK_SCRAPE_SCENARIO_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/config.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {

enum class KeyKind { kUint, kFour, kRegexp };

enum class MetricForm {
  kCounter,       // an entry a series
  kSlotPerEntry,  // a histogram is kSlots entries
  kSlotsInValue,  // a histogram is one entry
};

struct Scenario {
  std::string_view name;
  MapType type;
  KeyKind keys;
  MetricForm form;
  bool churn = false;  // also measured with keys replaced between scrapes
  // The exporter may take it that nothing is deleted while it reads.
  bool grows_only = false;

  // 27 buckets and the sum.
  static constexpr uint32_t kSlots = 28;
  // The family that is served of it.
  static constexpr std::string_view kFamily = "ebpf_exporter_benchmark";

  // Entries of the map for each label set.
  size_t entries_per_set() const {
    return form == MetricForm::kSlotPerEntry ? kSlots : 1;
  }
  uint32_t key_size() const;
  uint32_t value_size() const;
  // A map with room for the entries of that many label sets.
  MapShape Map(size_t label_sets) const;
  // A configuration with one metric, `benchmark`, over that map.
  ProgramConfig Program() const;
  // How the one line of each label set begins whose value is ValueOf.
  std::string_view line_prefix() const;

  // Appends the keys of a label set's entries. `functions` are addresses.
  void AppendKeys(uint32_t serial, std::span<const uint64_t> functions,
                  std::vector<std::byte>& out) const;
  // Appends the values of its entries: one each, or one for each CPU.
  void AppendValues(uint32_t serial, size_t cpus,
                    std::vector<std::byte>& out) const;
  // What is printed for it: a counter's value, a histogram's `_count`.
  uint64_t ValueOf(uint32_t serial, size_t cpus) const;
};

// All of them.
std::span<const Scenario> Scenarios();

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BENCHMARK_SCRAPE_SCENARIO_H_
