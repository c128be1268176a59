// Where a configuration comes from: a file on disk, or the default set that the
// binary carries. Either gives the YAML text and, by name, the objects.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_CONFIG_SOURCE_H_
#define EBPF_EXPORTER_CMD_EXPORTER_CONFIG_SOURCE_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace ebpf_exporter {

struct ConfigSource {
  std::string file;  // as the user knows it
  std::string text;
  // The bytes of the object that the text calls `name`.
  std::function<absl::StatusOr<std::string>(std::string_view name)> read_object;
  // Set: what is wrong with the file as a whole costs this configuration alone,
  // and does not stop the start.
  std::string name{};
  absl::Status unreadable{};  // why there is no text
};

// Reads `path`. Objects are looked up relative to its directory.
absl::StatusOr<ConfigSource> ReadConfigFile(const std::string& path);

// DIRECTORY/NAME.yaml of each name; without names, of every such file there, in
// order. A file that cannot be read is among the results, `unreadable`. An
// error if the directory cannot be listed, or has none.
absl::StatusOr<std::vector<ConfigSource>> ReadConfigDirectory(
    const std::string& directory, std::vector<std::string> names);

// The programs that run when no configuration is given.
std::vector<ConfigSource> DefaultConfigs();

// The content of a regular file of at most `limit` bytes. Anything else (pipes,
// devices, directories) is refused: reading it might never end.
absl::StatusOr<std::string> ReadRegularFile(const std::string& path,
                                            size_t limit);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_CONFIG_SOURCE_H_
