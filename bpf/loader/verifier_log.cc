#include "bpf/loader/verifier_log.h"

#include <string.h>
#include <sys/mman.h>

#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace ebpf_exporter {
namespace {

// Older kernels keep the beginning of a log that does not fit, newer ones its
// end; few logs are larger.
constexpr size_t kLogBytes = 16 << 20;
constexpr size_t kMaxWords = 300;

// What the verifier appends whatever the outcome.
constexpr std::array<std::string_view, 4> kStatistics = {
    "processed ", "verification time", "stack depth", "func#"};

bool IsStatistics(std::string_view line) {
  for (std::string_view start : kStatistics) {
    if (absl::StartsWith(line, start)) return true;
  }
  return false;
}

// Takes the last line off `log`, without white space around it.
std::string_view TakeLastLine(std::string_view& log) {
  const size_t newline = log.rfind('\n');
  const std::string_view line =
      newline == std::string_view::npos ? log : log.substr(newline + 1);
  log = newline == std::string_view::npos ? "" : log.substr(0, newline);
  return absl::StripAsciiWhitespace(line);
}

// The source line that the end of `log` is about: the verifier writes it as
// `; x = *p; @ file.bpf.c:12` before the instructions.
std::string_view SourceLine(std::string_view log) {
  for (int lines = 0; lines < 64 && !log.empty(); ++lines) {
    const std::string_view line = TakeLastLine(log);
    if (absl::StartsWith(line, "; ")) return line.substr(2);
  }
  return "";
}

std::string Printable(std::string_view text) {
  std::string out(text.substr(0, kMaxWords));
  for (char& c : out) {
    if (absl::ascii_iscntrl(c)) c = ' ';
  }
  return out;
}

}  // namespace

LogBuffer::LogBuffer() {
  void* memory = mmap(nullptr, kLogBytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  data_ = memory == MAP_FAILED ? nullptr : static_cast<char*>(memory);
}

LogBuffer::~LogBuffer() {
  if (data_ != nullptr) munmap(data_, kLogBytes);
}

void LogBuffer::Clear() {
  if (data_ != nullptr) data_[0] = '\0';
}

size_t LogBuffer::size() const { return data_ == nullptr ? 0 : kLogBytes; }

std::string_view LogBuffer::text() const {
  if (data_ == nullptr) return "";
  return std::string_view(data_, strnlen(data_, kLogBytes));
}

std::string LastWords(std::string_view log) {
  while (!log.empty()) {
    const std::string_view line = TakeLastLine(log);
    if (line.empty() || IsStatistics(line)) continue;
    const std::string_view source = SourceLine(log);
    return source.empty() ? Printable(line)
                          : absl::StrCat(Printable(line),
                                         " (at: ", Printable(source), ")");
  }
  return "";
}

}  // namespace ebpf_exporter
