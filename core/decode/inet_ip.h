// InetIpDecoder: an IP address in network byte order, 4 bytes as `192.0.2.1`,
// 16 as RFC 5952 writes IPv6: `2001:db8::1`, with the longest run of two or
// more zero groups left out, the first of several. IPv4 in IPv6
// (::ffff:192.0.2.1) prints as the IPv4 address alone. Bytes of any other
// number become `?` and their hexadecimal digits.

#ifndef EBPF_EXPORTER_CORE_DECODE_INET_IP_H_
#define EBPF_EXPORTER_CORE_DECODE_INET_IP_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/decode/decoder.h"
#include "core/decode/hex.h"
#include "core/decode/number_text.h"
#include "core/exposition/number.h"

namespace ebpf_exporter {

class InetIpDecoder {
 public:
  static constexpr std::string_view kName = "inet_ip";

  Outcome Decode(ByteView in, std::string& out) const;

 private:
  using Groups = std::array<uint16_t, 8>;

  // Groups [begin, begin + length), which `::` stands for; of length 0 if none.
  struct Run {
    size_t begin = 0;
    size_t length = 0;
  };

  static void AppendIpv4(ByteView in, std::string& out);
  static void AppendIpv6(const Groups& groups, std::string& out);
  static Run LongestZeroRun(const Groups& groups);
};

inline Outcome InetIpDecoder::Decode(ByteView in, std::string& out) const {
  using namespace std::string_view_literals;
  constexpr std::string_view kMapped = "\0\0\0\0\0\0\0\0\0\0\xff\xff"sv;
  if (in.size() == 4) {
    AppendIpv4(in, out);
  } else if (in.size() == 16 && in.starts_with(kMapped)) {
    AppendIpv4(in.substr(kMapped.size()), out);
  } else if (in.size() == 16) {
    Groups groups = {};
    for (size_t i = 0; i < in.size(); ++i) {
      groups[i / 2] = static_cast<uint16_t>(groups[i / 2] << 8 |
                                            static_cast<unsigned char>(in[i]));
    }
    AppendIpv6(groups, out);
  } else {
    out += '?';
    HexDecoder::Append(in, out);
  }
  return Outcome::Keep();
}

inline void InetIpDecoder::AppendIpv4(ByteView in, std::string& out) {
  for (size_t i = 0; i < in.size(); ++i) {
    if (i > 0) out += '.';
    AppendUnsigned(static_cast<unsigned char>(in[i]), out);
  }
}

inline void InetIpDecoder::AppendIpv6(const Groups& groups, std::string& out) {
  const Run run = LongestZeroRun(groups);
  for (size_t i = 0; i < groups.size(); ++i) {
    if (run.length > 0 && i == run.begin) {
      out += "::";
      i += run.length - 1;
      continue;
    }
    const bool first =
        i == 0 || (run.length > 0 && i == run.begin + run.length);
    if (!first) out += ':';
    AppendHexNumber(groups[i], 1, out);
  }
}

inline InetIpDecoder::Run InetIpDecoder::LongestZeroRun(const Groups& groups) {
  Run longest;
  for (size_t begin = 0; begin < groups.size(); ++begin) {
    size_t end = begin;
    while (end < groups.size() && groups[end] == 0) ++end;
    if (end - begin >= 2 && end - begin > longest.length) {
      longest = {begin, end - begin};
    }
  }
  return longest;
}

static_assert(Decoder<InetIpDecoder>);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DECODE_INET_IP_H_
