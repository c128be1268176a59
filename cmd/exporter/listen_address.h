// A listen address as users write it: `:9435` (all addresses, IPv4 and IPv6),
// `127.0.0.1:9435`, `0.0.0.0:9435`, `[::1]:9435`, `localhost:9435`. Port 0
// lets the system choose. Other host names are refused: what a name resolves
// to may change between two starts.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_LISTEN_ADDRESS_H_
#define EBPF_EXPORTER_CMD_EXPORTER_LISTEN_ADDRESS_H_

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace ebpf_exporter {

struct ListenAddress {
  enum class Family { kAny, kIpv4, kIpv6 };

  Family family = Family::kAny;
  std::string host;  // numeric, without brackets; empty for kAny
  uint16_t port = 0;

  // The address again, as a user writes it.
  std::string ToString() const;
};

// InvalidArgument names the address and the forms that are accepted.
absl::StatusOr<ListenAddress> ParseListenAddress(std::string_view text);

inline std::string ListenAddress::ToString() const {
  if (family == Family::kIpv6) return absl::StrCat("[", host, "]:", port);
  return absl::StrCat(host, ":", port);
}

namespace internal {

inline bool IsNumericAddress(int family, const std::string& host) {
  in6_addr storage;  // large enough for both families
  return inet_pton(family, host.c_str(), &storage) == 1;
}

inline absl::Status BadListenAddress(std::string_view text) {
  return absl::InvalidArgumentError(
      absl::StrCat("bad listen address \"", text,
                   "\": write :PORT, IPV4:PORT, [IPV6]:PORT or localhost:PORT "
                   "with a port from 0 to 65535"));
}

}  // namespace internal

inline absl::StatusOr<ListenAddress> ParseListenAddress(std::string_view text) {
  using Family = ListenAddress::Family;
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return internal::BadListenAddress(text);
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  uint32_t port = 0;
  if (digits.empty() ||
      digits.find_first_not_of("0123456789") != std::string_view::npos ||
      !absl::SimpleAtoi(digits, &port) || port > UINT16_MAX) {
    return internal::BadListenAddress(text);
  }

  ListenAddress address{.host = std::string(host),
                        .port = static_cast<uint16_t>(port)};
  if (host.empty()) return address;
  if (host == "localhost") address.host = "127.0.0.1";
  if (internal::IsNumericAddress(AF_INET, address.host)) {
    address.family = Family::kIpv4;
    return address;
  }
  if (host.front() == '[' && host.back() == ']') {
    address.host = std::string(host.substr(1, host.size() - 2));
    address.family = Family::kIpv6;
    if (internal::IsNumericAddress(AF_INET6, address.host)) return address;
  }
  return internal::BadListenAddress(text);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_LISTEN_ADDRESS_H_
