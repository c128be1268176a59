// Families: what an exposition is made of, before any format is chosen. A
// MetricFamily lays columns of kernel numbers over series text; a PlainFamily
// carries a few samples by value (the exporter's own metrics).

#ifndef EBPF_EXPORTER_CORE_EXPOSITION_FAMILY_H_
#define EBPF_EXPORTER_CORE_EXPOSITION_FAMILY_H_

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "core/histogram/buckets.h"
#include "core/table/column.h"

namespace ebpf_exporter {

class GzipTokens;

enum class FamilyType { kCounter, kGauge, kHistogram };

struct FamilyHeader {
  std::string name;  // with its `ebpf_exporter_` prefix
  std::string help;
  FamilyType type = FamilyType::kCounter;
};

// Borrows everything; whoever pins the columns keeps it alive.
struct MetricFamily {
  const FamilyHeader* header = nullptr;
  const Buckets* buckets = nullptr;  // histograms only
  bool is_signed = false;            // gauges over signed members
  std::vector<const Column*> columns;
  const GzipTokens* tokens = nullptr;  // of the only column, where it pays
};

struct PlainSample {
  std::string labels;  // as AppendLabel writes them, in canonical order
  std::variant<uint64_t, double> value;
};

// Samples stand in canonical order. A family without samples is not written.
struct PlainFamily {
  FamilyHeader header;
  std::vector<PlainSample> samples;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_EXPOSITION_FAMILY_H_
