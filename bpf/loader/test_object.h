// The objects of testdata/ by name, for tests.

#ifndef EBPF_EXPORTER_BPF_LOADER_TEST_OBJECT_H_
#define EBPF_EXPORTER_BPF_LOADER_TEST_OBJECT_H_

#include <cstddef>
#include <cstdlib>
#include <span>
#include <string_view>

#include "bpf/loader/testdata/test_objects.h"

namespace ebpf_exporter {

// `name` without its `.bpf.o`.
inline std::span<const std::byte> TestObject(std::string_view name) {
  for (const EmbeddedFile& file : TestObjects()) {
    if (file.name.substr(0, file.name.find('.')) == name) return file.bytes;
  }
  std::abort();  // a misspelt name
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_TEST_OBJECT_H_
