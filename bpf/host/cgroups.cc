#include "bpf/host/cgroups.h"

#include <algorithm>
#include <utility>

namespace ebpf_exporter {
namespace {

using std::chrono::steady_clock;

constexpr steady_clock::duration kFirstBackOff = std::chrono::seconds(1);
constexpr steady_clock::duration kLongestBackOff = std::chrono::minutes(5);

}  // namespace

LiveCgroups::LiveCgroups(LiveCgroupsOptions options,
                         std::unique_ptr<CgroupLookup> lookup)
    : options_(std::move(options)),
      lookup_(std::move(lookup)),
      memory_(options_.limits),
      back_off_(kFirstBackOff) {}

bool LiveCgroups::AppendName(uint64_t id, std::string& out) const {
  std::lock_guard lock(mutex_);
  if (!std::exchange(asked_, true)) ReadMounts();
  if (memory_.Append(id, out)) return true;
  if (!walks_) {
    if (AppendByHandle(id, out)) return true;
    if (walks_ && Walk() && memory_.Append(id, out)) return true;
  }
  missed_ = true;
  return false;
}

void LiveCgroups::Refresh() {
  std::lock_guard lock(mutex_);
  if (!missed_ || options_.now() - looked_at_ < back_off_) return;
  missed_ = false;
  bool changed = ReadMounts();
  if (walks_) changed |= Walk();
  back_off_ =
      changed ? kFirstBackOff : std::min(back_off_ * 2, kLongestBackOff);
  if (std::exchange(unanswered_, false) || changed) ++epoch_;
}

bool LiveCgroups::ReadMounts() const {
  looked_at_ = options_.now();
  std::vector<CgroupMount> mounts =
      ParseCgroupMounts(options_.read(options_.mountinfo));
  if (mounts == mounts_) return false;
  mounts_ = std::move(mounts);
  return true;
}

bool LiveCgroups::AppendByHandle(uint64_t id, std::string& out) const {
  std::string path;
  for (const CgroupMount& mount : mounts_) {
    const CgroupAnswer answer = lookup_->ByHandle(mount, id, path);
    if (answer == CgroupAnswer::kForbidden) {
      walks_ = true;
      return false;
    }
    if (answer == CgroupAnswer::kNotNow) unanswered_ = true;
    if (answer != CgroupAnswer::kFound) continue;
    memory_.Learn(id, path);
    out += path;
    return true;
  }
  return false;
}

bool LiveCgroups::Walk() const {
  NumberedNames cgroups;
  for (const CgroupMount& mount : mounts_) lookup_->Walk(mount, cgroups);
  return memory_.Update(std::move(cgroups));
}

}  // namespace ebpf_exporter
