// Counted: a program of the catalogue at work in the running kernel, for tests
// that cause events and ask what was counted.
//
//   Counted syscalls("syscalls");
//   ... call getppid 1,000 times ...
//   EXPECT_GE(syscalls.Value("syscalls_total", Key(uint32_t{110})), 1000);
//
// Per-CPU values are added up. Whatever goes wrong fails the test.

#ifndef EBPF_EXPORTER_BPF_PROGRAMS_TEST_COUNTED_H_
#define EBPF_EXPORTER_BPF_PROGRAMS_TEST_COUNTED_H_

#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bpf/loader/loader.h"
#include "bpf/loader/map_reader.h"
#include "core/config/read_config.h"
#include "core/dump/entry_batch.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {

// The bytes of a map's key.
template <typename T>
std::string Key(const T& key) {
  return std::string(reinterpret_cast<const char*>(&key), sizeof(key));
}

// Values are arrays of uint64_t in all maps of the catalogue.
using Numbers = std::vector<uint64_t>;

// As `may_fail`: whatever the kernel lacks.
inline constexpr std::string_view kAnything = "*";

class Counted {
 public:
  // Loads NAME.bpf.o as NAME.yaml says; all its functions must attach, of each
  // `one_of:` group those of one choice. Only `may_fail`, or the group that is
  // called so, need not.
  explicit Counted(const std::string& name, std::string_view may_fail = {});

  // Why nothing is at work; empty if something is.
  const std::string& trouble() const { return trouble_; }

  // Whether a function of this name is attached.
  bool Attached(std::string_view function) const;

  // Runs a function that is attached to a raw tracepoint, with arguments of the
  // test's own.
  void Run(std::string_view function, std::vector<uint64_t> arguments) const;

  // All entries of a map.
  std::map<std::string, Numbers> Entries(std::string_view map) const;

  // The value of a single number under the key; 0 if there is none.
  uint64_t Value(std::string_view map, const std::string& key) const;

  // The slots under the key, the sum last; empty if there are none.
  Numbers Slots(std::string_view map, const std::string& key) const;

  // The sum over all keys; empty if there are none.
  Numbers Sum(std::string_view map) const;

 private:
  LoadedConfig config_;
  std::string trouble_;
};

// Events in a histogram: all slots but the sum.
inline uint64_t CountOf(const Numbers& slots) {
  uint64_t count = 0;
  for (size_t i = 0; i + 1 < slots.size(); ++i) count += slots[i];
  return count;
}

// Implementation below.

namespace internal {

inline std::string ReadCatalogue(const std::string& name) {
  std::ifstream file("bpf/programs/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace internal

inline Counted::Counted(const std::string& name, std::string_view may_fail) {
  const std::string bytes = internal::ReadCatalogue(name + ".bpf.o");
  ParsedConfig parsed =
      ReadConfig(internal::ReadCatalogue(name + ".yaml"), name + ".yaml");
  EXPECT_EQ(parsed.config.programs.size(), 1u) << name;
  if (parsed.config.programs.empty()) return;
  LoadResult result =
      Loader().Load(parsed.config.programs[0],
                    std::as_bytes(std::span(bytes.data(), bytes.size())), name);
  for (const LoadFailure& failure : result.failures) {
    trouble_ = failure.function + ": " + failure.reason + ": " + failure.detail;
    if (may_fail == kAnything) continue;
    if (!may_fail.empty() && failure.function == may_fail) continue;
    ADD_FAILURE() << trouble_;
  }
  if (result.config.has_value()) trouble_.clear();
  if (result.config.has_value()) config_ = *std::move(result.config);
  for (const LoadedProgram& function : config_.programs) {
    EXPECT_TRUE(function.attached) << function.function;
  }
}

inline bool Counted::Attached(std::string_view function) const {
  for (const LoadedProgram& program : config_.programs) {
    if (program.function == function) return program.attached;
  }
  return false;
}

inline void Counted::Run(std::string_view function,
                         std::vector<uint64_t> arguments) const {
  for (const LoadedProgram& program : config_.programs) {
    if (program.function != function) continue;
    bpf_attr attr = {};
    attr.test.prog_fd = static_cast<uint32_t>(program.fd);
    attr.test.ctx_in = reinterpret_cast<uint64_t>(arguments.data());
    attr.test.ctx_size_in =
        static_cast<uint32_t>(arguments.size() * sizeof(arguments[0]));
    EXPECT_EQ(syscall(SYS_bpf, BPF_PROG_TEST_RUN, &attr, sizeof(attr)), 0)
        << std::strerror(errno);
    return;
  }
  ADD_FAILURE() << "no function " << function;
}

namespace internal {

inline void AddUp(const EntryBatch& batch, size_t i,
                  std::map<std::string, Numbers>& entries) {
  const std::string key(reinterpret_cast<const char*>(batch.key(i)),
                        batch.key_size);
  Numbers& sums = entries[key];
  sums.assign(batch.value_size / sizeof(uint64_t), 0);
  for (uint32_t cpu = 0; cpu < batch.cpus; ++cpu) {
    const std::byte* value = batch.value(i) + cpu * batch.value_stride;
    for (size_t n = 0; n < sums.size(); ++n) {
      uint64_t number;
      std::memcpy(&number, value + n * sizeof(number), sizeof(number));
      sums[n] += number;
    }
  }
}

}  // namespace internal

inline std::map<std::string, Numbers> Counted::Entries(
    std::string_view map) const {
  std::map<std::string, Numbers> entries;
  for (const LoadedMap& loaded : config_.maps) {
    if (loaded.shape.name != map) continue;
    absl::StatusOr<MapReader> reader = MapReader::Make(loaded.fd, loaded.shape);
    EXPECT_TRUE(reader.ok()) << reader.status();
    if (!reader.ok()) return entries;
    const absl::Status walked = reader->Walk([&](const EntryBatch& batch) {
      for (size_t i = 0; i < batch.count; ++i) {
        internal::AddUp(batch, i, entries);
      }
    });
    EXPECT_TRUE(walked.ok()) << walked;
    return entries;
  }
  ADD_FAILURE() << "no map " << map;
  return entries;
}

inline uint64_t Counted::Value(std::string_view map,
                               const std::string& key) const {
  const Numbers numbers = Slots(map, key);
  return numbers.empty() ? 0 : numbers[0];
}

inline Numbers Counted::Slots(std::string_view map,
                              const std::string& key) const {
  const std::map<std::string, Numbers> entries = Entries(map);
  const auto found = entries.find(key);
  return found == entries.end() ? Numbers() : found->second;
}

inline Numbers Counted::Sum(std::string_view map) const {
  Numbers sum;
  for (const auto& [key, numbers] : Entries(map)) {
    sum.resize(numbers.size());
    for (size_t i = 0; i < numbers.size(); ++i) sum[i] += numbers[i];
  }
  return sum;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_PROGRAMS_TEST_COUNTED_H_
