// Files of testdata, for tests: the one place of this folder that reads files.

#ifndef EBPF_EXPORTER_CORE_CONFIG_TEST_FILES_H_
#define EBPF_EXPORTER_CORE_CONFIG_TEST_FILES_H_

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace ebpf_exporter {

// `path` is relative to the repository's root, where tests run.
inline std::string ReadTestFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// The YAML files of a folder, sorted.
inline std::vector<std::filesystem::path> YamlFiles(
    const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> out;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".yaml") out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_CONFIG_TEST_FILES_H_
