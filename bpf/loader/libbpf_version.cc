#include "bpf/loader/libbpf_version.h"

#include <string>
#include <string_view>

#include "absl/strings/strip.h"
#include "bpf/loader/libbpf.h"

namespace ebpf_exporter {

std::string LibbpfVersion() {
  // It calls itself "v1.5".
  return std::string(
      absl::StripPrefix(std::string_view(libbpf_version_string()), "v"));
}

}  // namespace ebpf_exporter
