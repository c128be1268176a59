// What is wrong with inline code, by the code's own line.

#ifndef EBPF_EXPORTER_CORE_INLINE_CODE_FINDING_H_
#define EBPF_EXPORTER_CORE_INLINE_CODE_FINDING_H_

#include <string>

namespace ebpf_exporter {

struct CodeFinding {
  int line = 0;         // of the code, from 1; 0: of no line
  std::string message;  // with the mend
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_INLINE_CODE_FINDING_H_
