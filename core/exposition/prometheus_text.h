// Writes expositions in the Prometheus text format 0.0.4, as they are; what the
// format looks like is in prometheus_layout.h.

#ifndef EBPF_EXPORTER_CORE_EXPOSITION_PROMETHEUS_TEXT_H_
#define EBPF_EXPORTER_CORE_EXPOSITION_PROMETHEUS_TEXT_H_

#include "core/exposition/chunk_buffer.h"
#include "core/exposition/family.h"
#include "core/exposition/prometheus_layout.h"
#include "core/exposition/text_block.h"

namespace ebpf_exporter {

// Writes families to a sink, chunk by chunk. Families come in the bytewise
// order of their names. After Finish(), ok() says whether the whole page was
// taken.
template <ByteSink S>
class PrometheusTextWriter {
 public:
  // `sink` outlives the writer, and so does `lent`, memory to use, unless it is
  // null.
  explicit PrometheusTextWriter(S* sink, TextBlock* lent = nullptr)
      : out_(sink, lent), layout_(&out_) {}
  PrometheusTextWriter(const PrometheusTextWriter&) = delete;
  PrometheusTextWriter& operator=(const PrometheusTextWriter&) = delete;

  void Write(const MetricFamily& family) { layout_.Write(family); }
  void Write(const PlainFamily& family) { layout_.Write(family); }
  void Finish() { out_.Flush(); }
  bool ok() const { return out_.ok(); }

 private:
  ChunkBuffer<S> out_;
  PrometheusLayout<ChunkBuffer<S>> layout_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_EXPOSITION_PROMETHEUS_TEXT_H_
