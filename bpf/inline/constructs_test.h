// What tests of the dialect's constructs share: a program is translated,
// compiled and run in this kernel, where it counts what this process does, and
// its map must hold exactly that. Needs clang, and root or CAP_BPF and
// CAP_PERFMON.

#ifndef EBPF_EXPORTER_BPF_INLINE_CONSTRUCTS_TEST_H_
#define EBPF_EXPORTER_BPF_INLINE_CONSTRUCTS_TEST_H_

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iostream>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "bpf/inline/compiler.h"
#include "bpf/inline/run_command.h"
#include "bpf/loader/loader.h"
#include "bpf/loader/map_reader.h"
#include "bpf/loader/object.h"
#include "bpf/loader/privileges.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {

inline constexpr int kCalls = 100;

// The entries of a map; values of all CPUs are added up.
using Entries = std::map<std::string, uint64_t>;

template <typename T>
std::string Bytes(const T& value) {
  return std::string(reinterpret_cast<const char*>(&value), sizeof(value));
}

class ConstructsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const absl::Status privileges = CheckPrivileges();
    if (!privileges.ok()) {
      std::cerr << "*** SKIPPED: " << privileges << "\n";
      GTEST_SKIP() << privileges;
    }
    if (FindCommand("clang").empty()) {
      std::cerr << "*** SKIPPED: there is no clang\n";
      GTEST_SKIP() << "needs clang";
    }
    program_.name = "test";
    // Programs tell this process from others by it.
    program_.cflags = {absl::StrCat("-DPID=", getpid())};
  }

  // As the exporter has it.
  static InlineCompiler Compiler() {
    InlineOptions options;
    options.typed = TypedHooks::kWhereAttachable;
    return InlineCompiler(std::move(options));
  }

  // The program's code as it was translated.
  std::string Translated() const {
    const SourceText source = Compiler().Translate(program_).source;
    std::string_view rest = source.text;
    for (int i = 0; i < source.code_starts; ++i) {
      rest.remove_prefix(rest.find('\n') + 1);
    }
    return std::string(rest);
  }

  // Compiles and attaches the code.
  bool Start(std::string_view code) {
    program_.code = std::string(code);
    InlineObject compiled = Compiler().Compile(program_);
    for (const CodeFinding& finding : compiled.findings) {
      ADD_FAILURE() << finding.line << ": " << finding.message;
    }
    if (!compiled.findings.empty()) return false;
    const auto shape =
        ReadObject(std::as_bytes(std::span(compiled.object)), "");
    sections_.clear();
    for (const ObjectProgram& program : shape->programs) {
      sections_[program.function] = program.section;
    }
    LoadResult result = Loader().Load(
        program_, std::as_bytes(std::span(compiled.object)), "code");
    for (const LoadFailure& failure : result.failures) {
      ADD_FAILURE() << failure.function << ": " << failure.reason << ": "
                    << failure.detail;
    }
    loaded_ = std::move(result.config);
    return loaded_.has_value();
  }

  // The same for a function `f` at every system call of the machine; those of
  // others are left out by `return 0` in front of the code.
  bool StartAtCalls(std::string_view declarations, std::string_view body) {
    program_.raw_tracepoints = {{"sys_enter", "f", {}}};
    return Start(absl::StrCat(
        declarations,
        "\nint f(struct bpf_raw_tracepoint_args *ctx) {\n"
        "  if (bpf_get_current_pid_tgid() >> 32 != PID || ctx->args[1] != ",
        SYS_getppid, ") return 0;\n", body, "\n  return 0;\n}\n"));
  }

  void Call(int times = kCalls) {
    for (int i = 0; i < times; ++i) syscall(SYS_getppid);
  }

  Entries Read(std::string_view name = "m") {
    Entries entries;
    for (const LoadedMap& map : loaded_->maps) {
      if (map.shape.name != name) continue;
      absl::StatusOr<MapReader> reader = MapReader::Make(map.fd, map.shape);
      EXPECT_TRUE(reader.ok()) << reader.status();
      if (!reader.ok()) return entries;
      EXPECT_TRUE(reader
                      ->Walk([&](const EntryBatch& batch) {
                        for (size_t i = 0; i < batch.count; ++i)
                          Add(batch, i, entries);
                      })
                      .ok());
    }
    return entries;
  }

  // Without the entries that are zero, which an array has too.
  Entries NotZero(std::string_view name = "m") {
    Entries entries = Read(name);
    std::erase_if(entries, [](const auto& entry) { return entry.second == 0; });
    return entries;
  }

  ProgramConfig program_;
  std::optional<LoadedConfig> loaded_;
  std::map<std::string, std::string> sections_;  // of the object, by function

 private:
  static void Add(const EntryBatch& batch, size_t i, Entries& entries) {
    const std::string key(reinterpret_cast<const char*>(batch.key(i)),
                          batch.key_size);
    uint64_t& sum = entries[key];
    for (uint32_t cpu = 0; cpu < batch.cpus; ++cpu) {
      uint64_t value = 0;
      std::memcpy(&value, batch.value(i) + cpu * batch.value_stride,
                  std::min<size_t>(batch.value_size, sizeof(value)));
      sum += value;
    }
  }
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_INLINE_CONSTRUCTS_TEST_H_
