// Any bytes are refused as BTF, or read soundly.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "core/layout/btf.h"
#include "core/layout/btf_exercise.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using ebpf_exporter::Btf;
  absl::StatusOr<Btf> btf =
      Btf::Parse(std::string(reinterpret_cast<const char*>(data), size));
  if (!btf.ok()) return 0;
  std::string fault = ebpf_exporter::ExerciseBtf(*btf);
  if (fault.empty()) return 0;
  std::fprintf(stderr, "%s\n", fault.c_str());
  std::abort();
}
