// CgroupDecoder: the path of a cgroup, such as
// `/sys/fs/cgroup/system.slice/cron.service`, of its id, which comes as text:
// put `uint` before it. The id is that of bpf_get_current_cgroup_id(), the
// inode number of the cgroup's directory. One without a path becomes
// `unknown_cgroup_id:` and the id.

#ifndef EBPF_EXPORTER_CORE_DECODE_CGROUP_H_
#define EBPF_EXPORTER_CORE_DECODE_CGROUP_H_

#include <optional>
#include <string>
#include <string_view>

#include "core/decode/decoder.h"
#include "core/decode/number_text.h"
#include "core/resolve/names.h"

namespace ebpf_exporter {

class CgroupDecoder {
 public:
  static constexpr std::string_view kName = "cgroup";
  static constexpr std::string_view kNotANumber = "cgroup_not_a_number";

  // `cgroups` must outlive the decoder; null knows no cgroup.
  explicit CgroupDecoder(const NameResolver* cgroups) : cgroups_(cgroups) {}

  Outcome Decode(ByteView in, std::string& out) const;

 private:
  const NameResolver* cgroups_;
};

inline Outcome CgroupDecoder::Decode(ByteView in, std::string& out) const {
  const std::optional<NumberText> id = ParseNumberText(in);
  if (!id) return Outcome::Error(kNotANumber);
  if (cgroups_ != nullptr && !id->negative &&
      cgroups_->AppendName(id->magnitude, out)) {
    return {.sources = kCgroups};
  }
  out.append("unknown_cgroup_id:").append(in);
  return {.sources = kCgroups, .missed = true};
}

static_assert(Decoder<CgroupDecoder>);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DECODE_CGROUP_H_
