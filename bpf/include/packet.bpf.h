// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0

// The headers of packets, as they are on the wire, and their numbers. Members
// of type __be16 and __be32 are in network order.

#ifndef EBPF_EXPORTER_BPF_INCLUDE_PACKET_BPF_H_
#define EBPF_EXPORTER_BPF_INCLUDE_PACKET_BPF_H_

#include "bpf/include/base.bpf.h"

enum {
  ETHERTYPE_IPV4 = 0x0800,
  ETHERTYPE_ARP = 0x0806,
  ETHERTYPE_IPV6 = 0x86dd,
};

// What an IP packet carries.
enum {
  PROTOCOL_ICMP = 1,
  PROTOCOL_TCP = 6,
  PROTOCOL_UDP = 17,
  PROTOCOL_ICMPV6 = 58,
};

// Of `fragment`, in the host's order: where in its packet a fragment lies.
enum { IPV4_FRAGMENT_OFFSET = 0x1fff };

struct ethernet_header {
  __u8 dest[6];
  __u8 source[6];
  __be16 protocol;  // ETHERTYPE_*
};

struct ipv4_header {
  __u8 version_and_words;  // the header's length in the lower four bits
  __u8 tos;
  __be16 length;
  __be16 id;
  __be16 fragment;
  __u8 ttl;
  __u8 protocol;  // PROTOCOL_*
  __u8 rest[10];
};

struct ipv6_header {
  __be32 flow;
  __be16 length;
  __u8 next_header;  // PROTOCOL_*, or that of an extension
  __u8 hop_limit;
  __u8 rest[32];
};

struct udp_header {
  __be16 source;
  __be16 dest;
  __be16 length;
  __be16 check;
};

struct tcp_header {
  __be16 source;
  __be16 dest;
  __be32 sequence;
  __be32 acknowledged;
  __u8 words;  // the header's length in the upper four bits
  __u8 flags;
  __be16 window;
  __be16 check;
  __be16 urgent;
};

static __always_inline __u32 ipv4_header_bytes(const struct ipv4_header* ip) {
  return (__u32)(ip->version_and_words & 0xf) * 4;
}

#endif  // EBPF_EXPORTER_BPF_INCLUDE_PACKET_BPF_H_
