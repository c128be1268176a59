// The labels that would match a key: which label of a configuration is meant
// for which member, and the YAML that says so with the right sizes.

#ifndef EBPF_EXPORTER_CORE_LAYOUT_SUGGESTED_LABELS_H_
#define EBPF_EXPORTER_CORE_LAYOUT_SUGGESTED_LABELS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/config/config.h"
#include "core/layout/cover.h"
#include "core/layout/decoder_fit.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {

struct SuggestedLabel {
  std::string name;
  uint32_t size = 0;
  uint32_t padding = 0;
  std::string decoder;  // empty: the label of the config keeps its own
  std::string then;     // a second decoder behind it; may be empty
  const LabelConfig* label = nullptr;  // null: the config has none for it
};

// One label for each member of `key`, in the key's order. A member takes the
// label of its name; else the first label left over whose first decoder fits
// it; else a new one. With `last_is_bucket` the last label is kept for the last
// member. Without labels, everything is new: a configuration to start from.
std::vector<SuggestedLabel> SuggestLabels(const TypeShape& key,
                                          std::span<const LabelConfig> labels,
                                          bool last_is_bucket);

// `labels:` and its items, every line indented by `indent` and ended.
std::string ToYaml(std::span<const SuggestedLabel> labels, size_t indent);

// Implementation below.

namespace internal {

// A label name from a member's, whose dots and commas YAML would take but
// Prometheus would not.
inline std::string LabelNameOf(const Member& member) {
  std::string name = member.name.empty() ? "key" : member.name;
  for (char& c : name) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c))) c = '_';
  }
  return name;
}

// The decoders of a member, the second of which may be empty.
struct SuggestedChain {
  std::string_view first;
  std::string_view second = {};
};

// What an integer is, of which BTF knows the type and people choose the name.
inline SuggestedChain ChainForInteger(const Member& member) {
  if (member.type == "function *") return {"ksym"};
  if (!member.enums.empty()) return {"enum"};
  if (member.size == 4 && member.type == "__be32") return {"inet_ip"};
  if (member.size == 4 && member.name == "ifindex") return {"ifname"};
  if (member.size == 4 && member.name == "dev") return {"majorminor"};
  if (member.size == 8 &&
      (member.name == "cgroup" || member.name == "cgroup_id")) {
    return {"uint", "cgroup"};
  }
  return {member.kind == MemberKind::kSigned ? "int" : "uint"};
}

inline SuggestedChain ChainFor(const Member& member) {
  switch (ContentOf(member)) {
    case Content::kInteger:
      return ChainForInteger(member);
    case Content::kText:
      if (member.type.starts_with("char")) return {"string"};
      if (member.size == 6) return {"mac"};
      if (member.size == 16 && member.name.ends_with("addr")) {
        return {"inet_ip"};
      }
      return {"hex"};
    case Content::kIntegers:
      if (member.element_size == 8 && member.name.ends_with("stack")) {
        return {"kstack"};
      }
      return {"hex"};
    default:
      return {"hex"};
  }
}

// Deals the labels of a config out to members, each at most once.
class LabelDealer {
 public:
  explicit LabelDealer(std::span<const LabelConfig> labels)
      : labels_(labels), dealt_(labels.size(), false) {}

  const LabelConfig* Named(std::string_view name);
  const LabelConfig* Fitting(const Member& member);
  const LabelConfig* Last();

 private:
  const LabelConfig* Deal(size_t i) {
    dealt_[i] = true;
    return &labels_[i];
  }

  std::span<const LabelConfig> labels_;
  std::vector<bool> dealt_;
};

inline const LabelConfig* LabelDealer::Named(std::string_view name) {
  for (size_t i = 0; i < labels_.size(); ++i) {
    if (!dealt_[i] && labels_[i].name == name) return Deal(i);
  }
  return nullptr;
}

inline const LabelConfig* LabelDealer::Fitting(const Member& member) {
  for (size_t i = 0; i < labels_.size(); ++i) {
    if (dealt_[i]) continue;
    const std::vector<DecoderConfig>& decoders = labels_[i].decoders;
    if (decoders.empty() ||
        DecoderTakes(decoders.front().name, ContentOf(member))) {
      return Deal(i);
    }
  }
  return nullptr;
}

inline const LabelConfig* LabelDealer::Last() {
  if (labels_.empty() || dealt_.back()) return nullptr;
  return Deal(labels_.size() - 1);
}

}  // namespace internal

inline std::vector<SuggestedLabel> SuggestLabels(
    const TypeShape& key, std::span<const LabelConfig> labels,
    bool last_is_bucket) {
  const std::vector<Member>& members = key.members;
  std::vector<SuggestedLabel> suggested(members.size());
  internal::LabelDealer dealer(labels);
  if (last_is_bucket && !members.empty()) {
    suggested.back().label = dealer.Last();
  }
  for (size_t i = 0; i < members.size(); ++i) {
    if (suggested[i].label != nullptr || members[i].name.empty()) continue;
    suggested[i].label = dealer.Named(members[i].name);
  }
  for (size_t i = 0; i < members.size(); ++i) {
    const Member& member = members[i];
    SuggestedLabel& label = suggested[i];
    if (label.label == nullptr) label.label = dealer.Fitting(member);
    bool known = label.label != nullptr;
    label.name = known ? label.label->name : internal::LabelNameOf(member);
    if (!known) {
      const internal::SuggestedChain chain = internal::ChainFor(member);
      label.decoder = chain.first;
      label.then = chain.second;
    }
    uint32_t next = i + 1 < members.size() ? members[i + 1].offset : key.size;
    label.size = member.size;
    label.padding = next - member.offset - member.size;
  }
  return suggested;
}

inline std::string ToYaml(std::span<const SuggestedLabel> labels,
                          size_t indent) {
  std::string margin(indent, ' ');
  std::string out = absl::StrCat(margin, "labels:\n");
  for (const SuggestedLabel& label : labels) {
    absl::StrAppend(&out, margin, "  - name: ", label.name, "\n");
    absl::StrAppend(&out, margin, "    size: ", label.size, "\n");
    if (label.padding > 0) {
      absl::StrAppend(&out, margin, "    padding: ", label.padding, "\n");
    }
    if (!label.decoder.empty()) {
      absl::StrAppend(&out, margin, "    decoders:\n", margin,
                      "      - name: ", label.decoder, "\n");
    }
    if (!label.then.empty()) {
      absl::StrAppend(&out, margin, "      - name: ", label.then, "\n");
    }
  }
  return out;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_LAYOUT_SUGGESTED_LABELS_H_
