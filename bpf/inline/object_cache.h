// ObjectCache: compiled objects in a directory, by the digest of all that went
// into them.
//
//   ObjectCache cache(ObjectCache::DefaultDirectory());
//   std::optional<std::string> object = cache.Find(key);
//
// What lies there is loaded into the kernel, so nobody else may write to it:
// the directory and its files are used only if they belong to this user and are
// closed to all others, and no symbolic link is followed. A file that is
// damaged is as if it were not there. New files appear whole, by renaming.

#ifndef EBPF_EXPORTER_BPF_INLINE_OBJECT_CACHE_H_
#define EBPF_EXPORTER_BPF_INLINE_OBJECT_CACHE_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "bpf/loader/file_descriptor.h"

namespace ebpf_exporter {

class ObjectCache {
 public:
  // $CACHE_DIRECTORY (systemd's), /var/cache/ebpf_exporter for root, else
  // ebpf_exporter in $XDG_CACHE_HOME or ~/.cache; empty if none of these is.
  static std::string DefaultDirectory();

  // Makes the directory, but not those above it.
  explicit ObjectCache(const std::string& directory);

  // Why nothing is found or kept.
  const absl::Status& status() const { return status_; }

  std::optional<std::string> Find(const std::string& key) const;
  absl::Status Keep(const std::string& key, std::string_view object) const;

 private:
  FileDescriptor directory_;
  absl::Status status_;
};

// SHA-256, as 64 digits.
std::string DigestOf(std::string_view bytes);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_INLINE_OBJECT_CACHE_H_
