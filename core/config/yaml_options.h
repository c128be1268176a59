// How strictly a YAML file is read, and how much of it: budgets that no honest
// file comes near and that keep a hostile one from costing memory or time.

#ifndef EBPF_EXPORTER_CORE_CONFIG_YAML_OPTIONS_H_
#define EBPF_EXPORTER_CORE_CONFIG_YAML_OPTIONS_H_

#include <cstddef>

namespace ebpf_exporter {

struct YamlOptions {
  // An unknown key is reported as a warning instead of an error.
  bool unknown_keys_are_warnings = false;
  size_t max_bytes = size_t{1} << 20;  // of the file
  size_t max_depth = 64;               // lists and maps within each other
  // Keys, values and list items: in the file, and again as they are read, where
  // every use of an alias counts anew. So do the bytes of their text.
  size_t max_nodes = size_t{1} << 18;
  size_t max_text_bytes = size_t{8} << 20;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_CONFIG_YAML_OPTIONS_H_
