// Bodies in gzip, of any families whose series come and go between scrapes,
// read back by zlib and by a reader of another make as the very text.

#include <cstddef>
#include <cstdint>

#include "core/exposition/gzip_check.h"
#include "tools/build/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace ebpf_exporter;  // NOLINT(google-build-using-namespace)
  FuzzInput input(data, size);
  CheckGzipScrapes(input);
  return 0;
}
