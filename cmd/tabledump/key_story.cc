#include "cmd/tabledump/key_story.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cmd/tabledump/key_hex.h"
#include "cmd/tabledump/safe_text.h"
#include "core/decode/utf8.h"
#include "core/histogram/buckets.h"
#include "core/layout/byte_order.h"
#include "core/layout/cover.h"
#include "core/plan/plan.h"
#include "core/table/label_text.h"

namespace ebpf_exporter {
namespace {

constexpr size_t kBytesShown = 32;

std::string InQuotes(std::string_view text) {
  return absl::StrCat("\"", SafeText(text), "\"");
}

std::string_view Name(Verdict verdict) {
  return verdict == Verdict::kSkip ? "skips the entry" : "cannot decode this";
}

class Story {
 public:
  Story(const MetricConfig& metric, const MapShape& map,
        const EntryLayout& layout, std::string_view key, bool foreign)
      : metric_(metric), map_(map), layout_(layout), raw_(key), key_(key) {
    if (!foreign) return;
    ByteOrder::Of(metric, layout)
        .TurnKey(reinterpret_cast<std::byte*>(key_.data()));
  }

  absl::StatusOr<std::string> Tell(const Resolvers& resolvers);

 private:
  void TellRange(const BytesAt& bytes, std::string_view what);
  void TellLabel(const LabelConfig& label, const BytesAt& bytes,
                 const Pipeline<AnyDecoder>& pipeline);
  void TellGap(uint32_t end);
  void TellBucket();
  void TellEnd();

  const MetricConfig& metric_;
  const MapShape& map_;
  const EntryLayout& layout_;
  const std::string raw_;  // as the dump has it
  std::string key_;        // with numbers in this host's order
  std::string out_;
  uint32_t told_ = 0;  // bytes so far
  std::vector<std::pair<std::string, std::string>> labels_;
  std::string ending_;  // why there is no series; empty if there is one
};

void Story::TellRange(const BytesAt& bytes, std::string_view what) {
  TellGap(bytes.offset);
  absl::StrAppend(
      &out_, "bytes ", ByteRange(bytes.offset, bytes.size), "  ", what,
      "\n    ",
      HexBytes(std::string_view(raw_).substr(bytes.offset, bytes.size),
               kBytesShown),
      "\n");
  told_ = bytes.offset + bytes.size;
}

void Story::TellGap(uint32_t end) {
  if (told_ >= end) return;
  absl::StrAppend(&out_, "bytes ", ByteRange(told_, end - told_),
                  "  padding, not read\n");
  told_ = end;
}

void Story::TellLabel(const LabelConfig& label, const BytesAt& bytes,
                      const Pipeline<AnyDecoder>& pipeline) {
  TellRange(bytes, absl::StrCat("label ", InQuotes(label.name)));
  std::string decoded;
  const Outcome outcome = pipeline.Explain(
      std::string_view(key_).substr(bytes.offset, bytes.size), decoded,
      [this](std::string_view name, ByteView output, const Outcome& step) {
        absl::StrAppend(&out_, "    ", name, ": ");
        if (step.verdict == Verdict::kKeep) {
          absl::StrAppend(&out_, InQuotes(output),
                          step.missed ? " (no name is known for it)" : "");
        } else {
          absl::StrAppend(&out_, Name(step.verdict),
                          step.reason.empty() ? "" : ": ", step.reason);
        }
        out_ += '\n';
      });
  if (outcome.verdict == Verdict::kKeep) {
    std::string repaired;
    AppendRepaired(decoded, repaired);
    if (repaired != decoded) {
      absl::StrAppend(&out_, "    made valid UTF-8: ", InQuotes(repaired),
                      "\n");
    }
    labels_.emplace_back(label.name, repaired);
  } else if (ending_.empty()) {
    ending_ =
        outcome.verdict == Verdict::kSkip
            ? absl::StrCat("skipped, because no regexp of label ",
                           InQuotes(label.name), " matches")
            : absl::StrCat("no series, because label ", InQuotes(label.name),
                           " cannot be decoded: ", outcome.reason);
  }
}

void Story::TellBucket() {
  const NumberAt& at = *layout_.bucket;
  TellRange({at.offset, at.size}, "bucket");
  const uint64_t number = ReadUnsigned(
      reinterpret_cast<const std::byte*>(key_.data()) + at.offset, at.size);
  absl::StrAppend(&out_, "    ", number, ": ");
  const absl::StatusOr<Buckets> buckets = Buckets::Make(metric_.buckets);
  if (!buckets.ok()) {
    absl::StrAppend(&out_, buckets.status().message(), "\n");
    return;
  }
  const size_t slot = buckets->SlotOf(number);
  if (slot == kNoSlot) {
    out_ += "no bucket of the histogram; counts nowhere\n";
  } else if (slot == buckets->size()) {
    out_ += "the sum\n";
  } else {
    absl::StrAppend(&out_, "le=\"", buckets->le(slot), "\"\n");
  }
}

void Story::TellEnd() {
  out_ += "result: ";
  if (!ending_.empty()) {
    absl::StrAppend(&out_, ending_, "\n");
    return;
  }
  std::sort(labels_.begin(), labels_.end());
  std::string text;
  for (const auto& [name, value] : labels_) AppendLabel(name, value, text);
  absl::StrAppend(&out_, kMetricPrefix, SafeText(metric_.name));
  if (!text.empty()) absl::StrAppend(&out_, "{", SafeText(text), "}");
  out_ += '\n';
}

absl::StatusOr<std::string> Story::Tell(const Resolvers& resolvers) {
  for (size_t i = 0; i < layout_.labels.size(); ++i) {
    const absl::StatusOr<Pipeline<AnyDecoder>> pipeline =
        MakePipeline(metric_.labels[i], resolvers,
                     metric_.regexps_keep_match ? RegexpMode::kKeepMatch
                                                : RegexpMode::kKeepInput,
                     EnumNamesAt(map_, layout_.labels[i]));
    if (!pipeline.ok()) return pipeline.status();
    TellLabel(metric_.labels[i], layout_.labels[i], *pipeline);
  }
  if (layout_.bucket) TellBucket();
  TellGap(layout_.key_size);
  TellEnd();
  return std::move(out_);
}

}  // namespace

absl::StatusOr<std::string> KeyStory(const MetricConfig& metric,
                                     const MapShape& map,
                                     const EntryLayout& layout,
                                     std::string_view key, bool foreign,
                                     const Resolvers& resolvers) {
  return Story(metric, map, layout, key, foreign).Tell(resolvers);
}

}  // namespace ebpf_exporter
