// Pipeline: the chain of decoders of one label. The bytes of a key go in on the
// left, each decoder takes what the one before it made, and what the last one
// makes is the label's value.

#ifndef EBPF_EXPORTER_CORE_DECODE_PIPELINE_H_
#define EBPF_EXPORTER_CORE_DECODE_PIPELINE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/decode/decoder.h"

namespace ebpf_exporter {

// Immutable once built, so one pipeline serves every scrape.
template <Decoder D>
class Pipeline {
 public:
  // No steps pass the bytes on as they are.
  Pipeline() = default;
  explicit Pipeline(std::vector<D> steps) : steps_(std::move(steps)) {}

  size_t size() const { return steps_.size(); }
  // Whether a step is the decoder that users call so.
  bool Uses(std::string_view decoder) const;

  // Appends the label's value to `out`. A step that skips or fails ends the
  // run, and `out` is left as it was. The outcome has the verdict of the last
  // step that ran, and all sources and misses up to it: also a skip may come
  // from a name that will change.
  Outcome Run(ByteView in, std::string& out) const;

  // Run() that tells each step: calls observe(name, output, outcome), where the
  // output of a step that did not keep is empty.
  template <typename Observer>
  Outcome Explain(ByteView in, std::string& out, Observer&& observe) const;

 private:
  static std::string_view NameOf(const D& step);

  std::vector<D> steps_;
};

// Implementation.

template <Decoder D>
bool Pipeline<D>::Uses(std::string_view decoder) const {
  for (const D& step : steps_) {
    if (NameOf(step) == decoder) return true;
  }
  return false;
}

template <Decoder D>
Outcome Pipeline<D>::Run(ByteView in, std::string& out) const {
  return Explain(in, out, [](std::string_view, ByteView, const Outcome&) {});
}

template <Decoder D>
template <typename Observer>
Outcome Pipeline<D>::Explain(ByteView in, std::string& out,
                             Observer&& observe) const {
  const size_t begin = out.size();
  Outcome whole = Outcome::Keep();
  std::string scratch[2];  // a step reads one and writes the other
  for (size_t i = 0; i < steps_.size(); ++i) {
    const bool last = i + 1 == steps_.size();
    std::string& made = last ? out : scratch[i % 2];
    if (!last) made.clear();
    const Outcome one = steps_[i].Decode(in, made);
    whole.verdict = one.verdict;
    whole.reason = one.reason;
    whole.sources |= one.sources;
    whole.missed |= one.missed;
    if (one.verdict != Verdict::kKeep) {
      out.resize(begin);
      observe(NameOf(steps_[i]), ByteView(), one);
      return whole;
    }
    in = made;
    if (last) in.remove_prefix(begin);
    observe(NameOf(steps_[i]), in, one);
  }
  if (steps_.empty()) out += in;
  return whole;
}

// One type may stand for many decoders: then the value knows its name.
template <Decoder D>
std::string_view Pipeline<D>::NameOf(const D& step) {
  if constexpr (requires { step.name(); }) {
    return step.name();
  } else {
    return D::kName;
  }
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DECODE_PIPELINE_H_
