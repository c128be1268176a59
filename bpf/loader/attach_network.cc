#include "bpf/loader/attach_network.h"

#include <net/if.h>

#include <cerrno>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "bpf/loader/libbpf.h"

namespace ebpf_exporter {
namespace {

// Newer than the headers that this is built with; numbers of the kernel's
// enum bpf_attach_type.
constexpr auto kTcxIngress = static_cast<bpf_attach_type>(46);
constexpr auto kTcxEgress = static_cast<bpf_attach_type>(47);

std::vector<std::string> Interfaces() {
  std::vector<std::string> names;
  struct if_nameindex* all = if_nameindex();
  for (const auto* one = all; one != nullptr && one->if_index != 0; ++one) {
    names.emplace_back(one->if_name);
  }
  if (all != nullptr) if_freenameindex(all);
  return names;
}

}  // namespace

std::optional<Problem> CheckInterface(const std::string& name) {
  if (if_nametoindex(name.c_str()) != 0) return std::nullopt;
  return Problem{
      "missing_hook",
      absl::StrCat("this host has no network interface \"", name, "\"; it has ",
                   absl::StrJoin(Interfaces(), ", "))};
}

LinkPtr AttachXdp(const bpf_program* program, const std::string& interface) {
  const unsigned index = if_nametoindex(interface.c_str());
  if (index == 0) return nullptr;
  return LinkPtr(bpf_program__attach_xdp(program, static_cast<int>(index)));
}

FileDescriptor AttachTcx(const bpf_program* program, std::string_view target) {
  const std::pair<std::string, std::string> parts =
      absl::StrSplit(target, absl::MaxSplits('/', 1));
  const unsigned index = if_nametoindex(parts.second.c_str());
  if (index == 0) return FileDescriptor();
  // The kernel takes the interface where other links take a descriptor.
  const int fd = bpf_link_create(
      bpf_program__fd(program), static_cast<int>(index),
      parts.first == "ingress" ? kTcxIngress : kTcxEgress, nullptr);
  if (fd < 0) errno = -fd;
  return FileDescriptor(fd);
}

}  // namespace ebpf_exporter
