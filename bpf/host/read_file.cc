#include "bpf/host/read_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace ebpf_exporter {

std::string ReadFile(const std::string& path) {
  std::string text;
  ReadFileInto(path, text);
  return text;
}

void ReadFileInto(const std::string& path, std::string& text) {
  text.clear();
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  size_t length = 0;
  for (;;) {
    // The kernel makes up the text as it is read: few large reads are cheapest.
    if (text.size() - length < 65536) text.resize(text.size() * 2 + 65536);
    const ssize_t got = read(fd, text.data() + length, text.size() - length);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) length = 0;
    if (got <= 0) break;
    length += static_cast<size_t>(got);
  }
  close(fd);
  text.resize(length);
}

}  // namespace ebpf_exporter
