#include "bpf/loader/privileges.h"

#include <unistd.h>

#include <array>
#include <fstream>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "bpf/loader/denials.h"

namespace ebpf_exporter {
namespace {

constexpr int kCapSysAdmin = 21;
constexpr int kCapPerfmon = 38;
constexpr int kCapBpf = 39;

bool Has(uint64_t effective, int capability) {
  return (effective >> capability & 1) != 0;
}

std::string RunningBinary() {
  std::array<char, 4096> path = {};
  const ssize_t length = readlink("/proc/self/exe", path.data(), path.size());
  return length > 0 ? std::string(path.data(), length) : "PATH";
}

uint64_t EffectiveCapabilities() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    std::string_view text = line;
    if (!absl::ConsumePrefix(&text, "CapEff:")) continue;
    uint64_t effective = 0;
    if (absl::SimpleHexAtoi(absl::StripAsciiWhitespace(text), &effective)) {
      return effective;
    }
  }
  return 0;
}

}  // namespace

absl::Status CheckPrivileges(std::string_view binary) {
  return JudgeCapabilities(EffectiveCapabilities(), binary.empty()
                                                        ? RunningBinary()
                                                        : std::string(binary));
}

absl::Status JudgeCapabilities(uint64_t effective, std::string_view binary) {
  if (Has(effective, kCapSysAdmin)) return absl::OkStatus();
  std::vector<std::string_view> missing;
  if (!Has(effective, kCapBpf)) missing.push_back("CAP_BPF");
  if (!Has(effective, kCapPerfmon)) missing.push_back("CAP_PERFMON");
  if (missing.empty()) return absl::OkStatus();
  return absl::PermissionDeniedError(absl::StrCat(
      "loading BPF programs needs ", absl::StrJoin(missing, " and "),
      ", which this process lacks; grant it once with `sudo setcap "
      "cap_bpf,cap_perfmon,cap_syslog=ep ",
      binary, "`, or run `sudo ", binary, "`"));
}

std::string ExplainPermissionDenied() {
  const absl::Status privileges = CheckPrivileges();
  if (!privileges.ok()) return std::string(privileges.message());
  return WhyDenied(LookForDenials());
}

}  // namespace ebpf_exporter
