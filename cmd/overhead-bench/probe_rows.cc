#include "cmd/overhead-bench/probe_rows.h"

#include "cmd/overhead-bench/stats.h"

namespace ebpf_exporter {
namespace {

std::vector<double> Rounds(const std::vector<TimingPair>& pairs) {
  std::vector<double> rounds;
  rounds.reserve(pairs.size());
  for (const TimingPair& pair : pairs) {
    rounds.push_back(pair.with - pair.without);
  }
  return rounds;
}

Row NamedRow(const Variant& variant, int cpus) {
  Row row;
  row.kind = std::string(variant.kind);
  row.program = std::string(variant.program);
  row.map = std::string(variant.map);
  row.cpus = cpus;
  return row;
}

Row AloneRow(const Result& result) {
  Row row = NamedRow(result.variant, 1);
  row.unavailable = result.unavailable;
  if (result.unavailable.empty() && result.pairs.empty()) {
    row.unavailable = "it ended before this was measured";
  }
  row.added = result.added;
  row.rounds = Rounds(result.pairs);
  row.run_time = result.run_time;
  return row;
}

Row ContendedRow(const Result& result, const Contended& contended) {
  Row row = NamedRow(result.variant, contended.cpus);
  row.unavailable = contended.unavailable;
  row.added = contended.added;
  row.rounds = Rounds(contended.pairs);
  // The program itself is the same; its accounting is not separate by CPU.
  row.run_time = result.run_time;
  return row;
}

bool IsOfTheCall(const Result& result) {
  return result.variant.operation() == Operation::kSystemCall;
}

}  // namespace

std::vector<Row> RowsOf(const Results& results) {
  std::vector<Row> rows;
  for (const Result& result : results) {
    rows.push_back(AloneRow(result));
    for (const Contended& contended : result.contended) {
      rows.push_back(ContendedRow(result, contended));
    }
  }
  return rows;
}

double BaselineOf(const Results& results) {
  std::vector<double> all;
  for (const Result& result : results) {
    if (!IsOfTheCall(result)) continue;
    for (const TimingPair& pair : result.pairs) all.push_back(pair.without);
  }
  return Median(all);
}

std::vector<double> BaselinesInOrder(const Results& results) {
  std::vector<double> all;
  for (const Result& result : results) {
    if (!IsOfTheCall(result) || result.pairs.empty()) continue;
    for (const TimingPair& pair : result.pairs) all.push_back(pair.without);
    break;
  }
  return all;
}

std::vector<size_t> CpuCounts(size_t all) {
  std::vector<size_t> counts;
  for (size_t cpus = 2; cpus < all; cpus *= 2) counts.push_back(cpus);
  if (all > 1) counts.push_back(all);
  return counts;
}

}  // namespace ebpf_exporter
