#include "benchmark/scrape/live_map.h"

#include <algorithm>
#include <fstream>
#include <string>

#include "bpf/loader/create_map.h"

namespace ebpf_exporter {
namespace {

// Label sets for which a system call is made.
constexpr uint32_t kBatch = 4096;

// Where some functions of the running kernel begin; none if it hides them.
std::vector<uint64_t> SomeFunctions() {
  constexpr size_t kWanted = 1000;
  std::vector<uint64_t> functions;
  std::ifstream file("/proc/kallsyms");
  std::string address;
  std::string type;
  std::string name;
  while (functions.size() < kWanted && file >> address >> type >> name) {
    const uint64_t at = std::stoull(address, nullptr, 16);
    if (type != "T" || at == 0) continue;
    if (functions.empty() || functions.back() != at) functions.push_back(at);
  }
  return functions;
}

}  // namespace

absl::StatusOr<LiveMap> LiveMap::Make(const Scenario& scenario,
                                      uint32_t label_sets) {
  MapShape shape = scenario.Map(label_sets);
  const absl::StatusOr<size_t> cpus = CpusOfMap(shape);
  if (!cpus.ok()) return cpus.status();
  absl::StatusOr<FileDescriptor> fd = CreateMap(shape);
  if (!fd.ok()) return fd.status();
  LiveMap map(*std::move(fd), scenario, std::move(shape), *cpus);
  if (scenario.keys == KeyKind::kFour) map.functions_ = SomeFunctions();
  if (absl::Status added = map.Add(label_sets); !added.ok()) return added;
  return map;
}

absl::Status LiveMap::Replace(uint32_t count) {
  if (absl::Status gone = DropOldest(count); !gone.ok()) return gone;
  return Add(count);
}

absl::Status LiveMap::Add(uint32_t count) {
  std::vector<std::byte> keys;
  std::vector<std::byte> values;
  for (const uint32_t end = next_ + count; next_ < end;) {
    const uint32_t stop = std::min(end, next_ + kBatch);
    keys.clear();
    values.clear();
    for (; next_ < stop; ++next_) {
      scenario_.AppendKeys(next_, functions_, keys);
      scenario_.AppendValues(next_, cpus_, values);
      sum_ += scenario_.ValueOf(next_, cpus_);
    }
    absl::Status put = PutEntries(fd(), shape_, keys, values);
    if (!put.ok()) return put;
  }
  return absl::OkStatus();
}

absl::Status LiveMap::DropOldest(uint32_t count) {
  std::vector<std::byte> keys;
  for (const uint32_t end = first_ + count; first_ < end;) {
    const uint32_t stop = std::min(end, first_ + kBatch);
    keys.clear();
    for (; first_ < stop; ++first_) {
      scenario_.AppendKeys(first_, functions_, keys);
      sum_ -= scenario_.ValueOf(first_, cpus_);
    }
    absl::Status gone = DeleteEntries(fd(), shape_, keys);
    if (!gone.ok()) return gone;
  }
  return absl::OkStatus();
}

}  // namespace ebpf_exporter
