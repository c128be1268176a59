// The kernel's verifier explains itself in a log of up to millions of lines.
// The reason is at its end.

#ifndef EBPF_EXPORTER_BPF_LOADER_VERIFIER_LOG_H_
#define EBPF_EXPORTER_BPF_LOADER_VERIFIER_LOG_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace ebpf_exporter {

// Room for one log, its memory taken only as the kernel writes.
class LogBuffer {
 public:
  LogBuffer();
  ~LogBuffer();
  LogBuffer(const LogBuffer&) = delete;
  LogBuffer& operator=(const LogBuffer&) = delete;

  void Clear();
  char* data() { return data_; }  // nullptr if there is no memory
  size_t size() const;
  std::string_view text() const;

 private:
  char* data_;
};

// The verifier's last words in one line, with the line of source they are
// about: `R1 invalid mem access 'scalar' (at: x = *p;)`. Empty for an empty
// log.
std::string LastWords(std::string_view log);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_VERIFIER_LOG_H_
