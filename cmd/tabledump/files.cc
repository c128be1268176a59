#include "cmd/tabledump/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace ebpf_exporter {
namespace {

constexpr std::string_view kStandard = "-";

absl::Status FileError(int error, std::string_view what,
                       std::string_view name) {
  return absl::ErrnoToStatus(error,
                             absl::StrCat("cannot ", what, " \"", name, "\""));
}

class FileSource : public ByteSource {
 public:
  FileSource(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  ~FileSource() override {
    if (fd_ != STDIN_FILENO) close(fd_);
  }

  absl::StatusOr<size_t> Read(std::span<char> to) override {
    while (true) {
      const ssize_t got = read(fd_, to.data(), to.size());
      if (got >= 0) return static_cast<size_t>(got);
      if (errno != EINTR) return FileError(errno, "read", name_);
    }
  }

 private:
  const int fd_;
  const std::string name_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ByteSource>> OpenInput(const std::string& path) {
  if (path == kStandard) {
    return std::make_unique<FileSource>(STDIN_FILENO, "standard input");
  }
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return FileError(errno, "open", path);
  return std::make_unique<FileSource>(fd, path);
}

absl::StatusOr<std::string> ReadWhole(const std::string& path, size_t limit) {
  absl::StatusOr<std::unique_ptr<ByteSource>> source = OpenInput(path);
  if (!source.ok()) return source.status();
  return ReadWhole(**source, path, limit);
}

absl::StatusOr<std::string> ReadWhole(ByteSource& source, std::string_view name,
                                      size_t limit) {
  std::string content;
  char block[64 * 1024];
  while (true) {
    const absl::StatusOr<size_t> got = source.Read(block);
    if (!got.ok()) return got.status();
    if (*got == 0) return content;
    content.append(block, *got);
    if (content.size() > limit) {
      return absl::ResourceExhaustedError(absl::StrCat(
          "cannot read \"", name, "\": it has more than ", limit, " bytes"));
    }
  }
}

Output::Output(int fd, std::string name)
    : fd_(fd), name_(std::move(name)), is_terminal_(isatty(fd) == 1) {}

absl::StatusOr<std::unique_ptr<Output>> Output::Open(const std::string& path) {
  if (path == kStandard) return Stdout();
  const int fd =
      open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return FileError(errno, "write", path);
  return std::unique_ptr<Output>(new Output(fd, path));
}

std::unique_ptr<Output> Output::Stdout() {
  return std::unique_ptr<Output>(new Output(STDOUT_FILENO, "standard output"));
}

Output::~Output() {
  if (fd_ > STDERR_FILENO) close(fd_);
}

bool Output::Write(std::string_view chunk) {
  while (!chunk.empty() && error_ == 0) {
    const ssize_t put = write(fd_, chunk.data(), chunk.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) {
      error_ = errno;
    } else {
      chunk.remove_prefix(static_cast<size_t>(put));
    }
  }
  return error_ == 0;
}

absl::Status Output::Close() {
  if (fd_ > STDERR_FILENO) {
    const int fd = std::exchange(fd_, -1);
    if (close(fd) != 0 && error_ == 0) error_ = errno;
  }
  if (error_ == 0 || error_ == EPIPE) return absl::OkStatus();
  return FileError(error_, "write", name_);
}

}  // namespace ebpf_exporter
