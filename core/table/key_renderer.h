// KeyRenderer turns the raw key of an entry into the label text of its series:
// each label's bytes go through its pipeline, are repaired to valid UTF-8, and
// are written in the bytewise order of the label names.
//
// Template on the decoder, so that tests run without the closed set of
// decoders.

#ifndef EBPF_EXPORTER_CORE_TABLE_KEY_RENDERER_H_
#define EBPF_EXPORTER_CORE_TABLE_KEY_RENDERER_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/decode/decoder.h"
#include "core/decode/pipeline.h"
#include "core/decode/utf8.h"
#include "core/layout/entry_layout.h"
#include "core/table/label_text.h"

namespace ebpf_exporter {

// One label of a metric: its name, where its bytes lie, and how they are read.
template <Decoder D>
struct KeyLabel {
  std::string name;
  BytesAt bytes;
  Pipeline<D> pipeline;
};

template <Decoder D>
class KeyRenderer {
 public:
  explicit KeyRenderer(std::vector<KeyLabel<D>> labels);

  // Appends the label text of `key`. On kSkip and kError the text is not to be
  // used; the outcome joins those of all labels that were decoded.
  Outcome Render(ByteView key, std::string& text) const;

  // Whether a label has the decoder that users call so.
  bool Uses(std::string_view decoder) const;

 private:
  std::vector<KeyLabel<D>> labels_;  // by name
};

template <Decoder D>
KeyRenderer<D>::KeyRenderer(std::vector<KeyLabel<D>> labels)
    : labels_(std::move(labels)) {
  std::sort(labels_.begin(), labels_.end(),
            [](const KeyLabel<D>& a, const KeyLabel<D>& b) {
              return a.name < b.name;
            });
}

template <Decoder D>
Outcome KeyRenderer<D>::Render(ByteView key, std::string& text) const {
  Outcome all = Outcome::Keep();
  std::string decoded;
  std::string repaired;
  for (const KeyLabel<D>& label : labels_) {
    decoded.clear();
    const Outcome one = label.pipeline.Run(
        key.substr(label.bytes.offset, label.bytes.size), decoded);
    all.sources |= one.sources;
    all.missed |= one.missed;
    if (one.verdict != Verdict::kKeep) {
      all.verdict = one.verdict;
      all.reason = one.reason;
      return all;
    }
    repaired.clear();
    AppendRepaired(decoded, repaired);
    AppendLabel(label.name, repaired, text);
  }
  return all;
}

template <Decoder D>
bool KeyRenderer<D>::Uses(std::string_view decoder) const {
  return std::any_of(labels_.begin(), labels_.end(),
                     [decoder](const KeyLabel<D>& label) {
                       return label.pipeline.Uses(decoder);
                     });
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_TABLE_KEY_RENDERER_H_
