// The story of one key: each range of its bytes, the label it is, what each
// decoder made of it, and what became of the key.

#ifndef EBPF_EXPORTER_CMD_TABLEDUMP_KEY_STORY_H_
#define EBPF_EXPORTER_CMD_TABLEDUMP_KEY_STORY_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "core/config/config.h"
#include "core/decode/decoders.h"
#include "core/layout/entry_layout.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {

// Lines, each ended. `layout` is of `metric` over `map`; `key` has its size, in
// the byte order of the host that wrote it, which `foreign` says is not this
// one's. An error if the decoders of `metric` cannot be built.
absl::StatusOr<std::string> KeyStory(const MetricConfig& metric,
                                     const MapShape& map,
                                     const EntryLayout& layout,
                                     std::string_view key, bool foreign,
                                     const Resolvers& resolvers);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_TABLEDUMP_KEY_STORY_H_
