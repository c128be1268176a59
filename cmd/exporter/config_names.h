// The value of --config.names. Names become parts of paths, so they are those
// of files and nothing that leads elsewhere.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_CONFIG_NAMES_H_
#define EBPF_EXPORTER_CMD_EXPORTER_CONFIG_NAMES_H_

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace ebpf_exporter {

inline constexpr size_t kMaxConfigNameBytes = 200;

// The names of a comma-separated list, without spaces around them.
// InvalidArgument for what is no base name, for an empty one, and for one that
// is there twice.
absl::StatusOr<std::vector<std::string>> ParseConfigNames(
    std::string_view list);

inline absl::StatusOr<std::vector<std::string>> ParseConfigNames(
    std::string_view list) {
  std::vector<std::string> names;
  for (std::string_view name : absl::StrSplit(list, ',')) {
    name = absl::StripAsciiWhitespace(name);
    const bool control = std::any_of(name.begin(), name.end(), [](char c) {
      return absl::ascii_iscntrl(static_cast<unsigned char>(c));
    });
    if (name.empty() || name == "." || name == ".." || control ||
        absl::StrContains(name, '/') || name.size() > kMaxConfigNameBytes) {
      return absl::InvalidArgumentError(absl::StrCat(
          "\"", absl::Utf8SafeCEscape(name),
          "\" is no name of a configuration; write the base names of files in "
          "the directory, without .yaml, with commas between them"));
    }
    if (std::find(names.begin(), names.end(), name) != names.end()) {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", name, "\" is there twice"));
    }
    names.emplace_back(name);
  }
  return names;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_CONFIG_NAMES_H_
