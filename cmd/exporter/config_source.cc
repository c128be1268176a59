#include "cmd/exporter/config_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cmd/exporter/default_set.h"
#include "tools/build/embedded_file.h"

namespace ebpf_exporter {
namespace {

constexpr size_t kLargestConfig = size_t{16} << 20;
constexpr size_t kLargestObject = size_t{256} << 20;

absl::Status FileError(int error, std::string_view path) {
  return absl::ErrnoToStatus(error, absl::StrCat("cannot read \"", path, "\""));
}

absl::StatusOr<std::string> ReadAll(int fd, const std::string& path,
                                    size_t size) {
  std::string content(size, '\0');
  size_t have = 0;
  while (have < size) {
    const ssize_t got = read(fd, content.data() + have, size - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FileError(errno, path);
    if (got == 0) break;  // it shrank meanwhile
    have += static_cast<size_t>(got);
  }
  content.resize(have);
  return content;
}

absl::StatusOr<std::string> ReadDefaultObject(std::string_view name) {
  for (const EmbeddedFile& file : DefaultSet()) {
    if (file.name == name) return std::string(file.text());
  }
  return absl::NotFoundError(
      absl::StrCat("the default set has no object \"", name, "\""));
}

}  // namespace

absl::StatusOr<std::string> ReadRegularFile(const std::string& path,
                                            size_t limit) {
  // Opening a pipe without a writer must not block.
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return FileError(errno, path);
  const absl::Cleanup close_fd = [fd] { close(fd); };
  struct stat status;
  if (fstat(fd, &status) != 0) return FileError(errno, path);
  if (!S_ISREG(status.st_mode)) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot read \"", path, "\": it is not a regular file"));
  }
  const size_t size = static_cast<size_t>(status.st_size);
  if (size > limit) {
    return absl::ResourceExhaustedError(
        absl::StrCat("cannot read \"", path, "\": it has ", size,
                     " bytes, more than the ", limit, " allowed"));
  }
  return ReadAll(fd, path, size);
}

absl::StatusOr<ConfigSource> ReadConfigFile(const std::string& path) {
  absl::StatusOr<std::string> text = ReadRegularFile(path, kLargestConfig);
  if (!text.ok()) return text.status();
  const std::filesystem::path directory =
      std::filesystem::path(path).parent_path();
  return ConfigSource{.file = path,
                      .text = *std::move(text),
                      .read_object = [directory](std::string_view name) {
                        return ReadRegularFile((directory / name).string(),
                                               kLargestObject);
                      }};
}

absl::StatusOr<std::vector<ConfigSource>> ReadConfigDirectory(
    const std::string& directory, std::vector<std::string> names) {
  if (names.empty()) {
    std::error_code error;
    // A loop over a range would throw where reading the directory fails.
    for (std::filesystem::directory_iterator entry(directory, error), end;
         !error && entry != end; entry.increment(error)) {
      const std::filesystem::path& path = entry->path();
      if (path.extension() == ".yaml") names.push_back(path.stem().string());
    }
    if (error) return FileError(error.value(), directory);
    std::sort(names.begin(), names.end());
  }
  if (names.empty()) {
    return absl::NotFoundError(
        absl::StrCat("\"", directory, "\" has no file that ends in .yaml"));
  }
  std::vector<ConfigSource> sources;
  for (const std::string& name : names) {
    const std::string path = absl::StrCat(directory, "/", name, ".yaml");
    absl::StatusOr<ConfigSource> source = ReadConfigFile(path);
    if (!source.ok()) {
      source = ConfigSource{.file = path,
                            .text = "",
                            .read_object = nullptr,
                            .unreadable = source.status()};
    }
    source->name = name;
    sources.push_back(*std::move(source));
  }
  return sources;
}

std::vector<ConfigSource> DefaultConfigs() {
  std::vector<ConfigSource> sources;
  for (const EmbeddedFile& file : DefaultSet()) {
    if (!absl::EndsWith(file.name, ".yaml")) continue;
    sources.push_back({.file = absl::StrCat("(default set) ", file.name),
                       .text = std::string(file.text()),
                       .read_object = ReadDefaultObject});
  }
  return sources;
}

}  // namespace ebpf_exporter
