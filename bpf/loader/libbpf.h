// libbpf's headers, wrapped once: they name structs and functions alike, which
// is a warning in C++. Only bpf/loader includes this.

#ifndef EBPF_EXPORTER_BPF_LOADER_LIBBPF_H_
#define EBPF_EXPORTER_BPF_LOADER_LIBBPF_H_

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
// IWYU pragma: begin_exports
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
// IWYU pragma: end_exports
#pragma GCC diagnostic pop

#endif  // EBPF_EXPORTER_BPF_LOADER_LIBBPF_H_
