#include "bpf/host/polled_names.h"

#include <utility>

namespace ebpf_exporter {

bool PolledNames::AppendName(uint64_t id, std::string& out) const {
  std::lock_guard lock(mutex_);
  if (!asked_) Read();
  return memory_.Append(id, out);
}

bool PolledNames::available() const {
  std::lock_guard lock(mutex_);
  if (!asked_) Read();
  return available_;
}

void PolledNames::Refresh() {
  std::lock_guard lock(mutex_);
  if (!asked_) return;
  // Asked either way: the source takes note of what it saw.
  const bool changed = source_->MayHaveChanged();
  if (changed || !available_) Read();
}

void PolledNames::Read() const {
  const bool first = !asked_;
  asked_ = true;
  std::optional<NumberedNames> names = source_->Read();
  const bool came_or_went = available_ != names.has_value();
  available_ = names.has_value();
  // A list that cannot be read any more does not take away what was known.
  const bool changed = names && memory_.Update(*std::move(names));
  if (!first && (changed || came_or_went)) ++epoch_;
}

}  // namespace ebpf_exporter
