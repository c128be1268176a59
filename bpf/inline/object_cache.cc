#include "bpf/inline/object_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace ebpf_exporter {
namespace {

// Each file begins with its content's digest.
constexpr size_t kDigestDigits = 64;
constexpr off_t kLargestFile = off_t{256} << 20;

std::string Environment(const char* name) {
  const char* value = getenv(name);
  return value == nullptr ? "" : value;
}

bool IsMineAlone(const struct stat& status) {
  return status.st_uid == geteuid() && (status.st_mode & 077) == 0;
}

bool WriteAll(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = write(file, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(wrote));
  }
  return true;
}

std::string FileName(const std::string& key) {
  return absl::StrCat(key, ".bpf.o");
}

}  // namespace

std::string DigestOf(std::string_view bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha256(), nullptr);
  return absl::BytesToHexString(
      std::string_view(reinterpret_cast<const char*>(digest), size));
}

std::string ObjectCache::DefaultDirectory() {
  // systemd gives several with colons between them.
  std::string directory = Environment("CACHE_DIRECTORY");
  directory = directory.substr(0, directory.find(':'));
  if (!directory.empty()) return directory;
  if (geteuid() == 0) return "/var/cache/ebpf_exporter";
  const std::string cache = Environment("XDG_CACHE_HOME");
  if (!cache.empty()) return absl::StrCat(cache, "/ebpf_exporter");
  const std::string home = Environment("HOME");
  return home.empty() ? "" : absl::StrCat(home, "/.cache/ebpf_exporter");
}

ObjectCache::ObjectCache(const std::string& directory) {
  if (directory.empty()) {
    status_ = absl::NotFoundError(
        "there is no directory for compiled objects; name one with "
        "--cache.dir");
    return;
  }
  const auto fail = [&](int error, std::string_view what) {
    status_ = absl::ErrnoToStatus(
        error, absl::StrCat(what, " the directory for compiled objects \"",
                            directory, "\""));
  };
  if (mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
    fail(errno, "cannot make");
    return;
  }
  FileDescriptor opened(
      open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat status;
  if (!opened.valid() || fstat(opened.get(), &status) != 0) {
    fail(errno, "cannot open");
    return;
  }
  if (!IsMineAlone(status)) {
    status_ = absl::PermissionDeniedError(absl::StrCat(
        "the directory for compiled objects \"", directory,
        "\" is open to others, who could put their programs there; it must "
        "belong to this user and be closed to all others (chmod 700)"));
    return;
  }
  directory_ = std::move(opened);
}

std::optional<std::string> ObjectCache::Find(const std::string& key) const {
  if (!directory_.valid()) return std::nullopt;
  const FileDescriptor file(
      openat(directory_.get(), FileName(key).c_str(),
             O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  struct stat status;
  if (!file.valid() || fstat(file.get(), &status) != 0 ||
      !S_ISREG(status.st_mode) || !IsMineAlone(status) ||
      status.st_size > kLargestFile) {
    return std::nullopt;
  }
  std::string bytes(static_cast<size_t>(status.st_size), '\0');
  size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t got =
        read(file.get(), bytes.data() + have, bytes.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return std::nullopt;
    have += static_cast<size_t>(got);
  }
  if (bytes.size() < kDigestDigits) return std::nullopt;
  std::string object = bytes.substr(kDigestDigits);
  if (DigestOf(object) != bytes.substr(0, kDigestDigits)) return std::nullopt;
  return object;
}

absl::Status ObjectCache::Keep(const std::string& key,
                               std::string_view object) const {
  if (!directory_.valid()) return status_;
  const std::string temporary = absl::StrCat(".", key, ".", getpid());
  // What a process of the same number left when it was killed.
  unlinkat(directory_.get(), temporary.c_str(), 0);
  const FileDescriptor file(
      openat(directory_.get(), temporary.c_str(),
             O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file.valid()) {
    return absl::ErrnoToStatus(errno, "cannot keep a compiled object");
  }
  if (WriteAll(file.get(), DigestOf(object)) && WriteAll(file.get(), object) &&
      renameat(directory_.get(), temporary.c_str(), directory_.get(),
               FileName(key).c_str()) == 0) {
    return absl::OkStatus();
  }
  const int error = errno;
  unlinkat(directory_.get(), temporary.c_str(), 0);
  return absl::ErrnoToStatus(error, "cannot keep a compiled object");
}

}  // namespace ebpf_exporter
