// Whether gzip says what the text says, for any families over any succession of
// orders: for the fuzz target, and for tests that make their input up. Ends the
// process if it does not.

#ifndef EBPF_EXPORTER_CORE_EXPOSITION_GZIP_CHECK_H_
#define EBPF_EXPORTER_CORE_EXPOSITION_GZIP_CHECK_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/config/config.h"
#include "core/exposition/family.h"
#include "core/exposition/gzip_inflate.h"
#include "core/exposition/gzip_text.h"
#include "core/exposition/gzip_tokens.h"
#include "core/exposition/gzip_zlib.h"
#include "core/exposition/prometheus_text.h"
#include "core/histogram/buckets.h"
#include "core/table/column.h"
#include "core/table/label_text.h"
#include "tools/build/fuzz_input.h"

namespace ebpf_exporter {

// Some scrapes of some families, with series that come and go.
void CheckGzipScrapes(FuzzInput& input);

// The families of one page in both writers, read back by two readers.
template <typename Write>
void CheckGzipPage(Write write);

namespace internal {

struct PageSink {
  std::string bytes;

  bool Write(std::string_view chunk) {
    bytes += chunk;
    return true;
  }
};

// A label value: a number, a few bytes, or either after text that others share.
inline std::string AnyValue(FuzzInput& input) {
  const uint8_t kind = input.Byte();
  // Beyond the window, and about the longest unit that is coded.
  if (kind == 255) return std::string(40'000, 'z');
  if (kind > 250) return std::string(3900 + input.Byte(), 'z');
  switch (kind % 5) {
    case 0:
      return std::string(input.Bytes(input.Below(20)));
    case 1:
      return std::string(input.Below(4) * 100, 'y') + "9";
    case 2:
      return "/dev/nvme" + std::to_string(input.Byte()) + "n1";
    default:
      return std::to_string(input.Byte() * 37);
  }
}

inline uint64_t AnyNumber(FuzzInput& input) {
  const uint8_t shift = input.Byte();
  if (shift < 128) return shift;
  return input.Number() >> (shift % 64);
}

// A metric whose series change from scrape to scrape.
class ChangingMetric {
 public:
  ChangingMetric(FuzzInput& input, std::string name);

  // Series come and go, and the numbers are new.
  void Scrape(FuzzInput& input);
  MetricFamily Family(bool with_tokens) const;

 private:
  struct CanonicalLess {
    bool operator()(const std::string& a, const std::string& b) const {
      return CompareLabelText(a, b) < 0;
    }
  };

  void ChangeSeries(FuzzInput& input);
  std::string AnyLabels(FuzzInput& input) const;
  Column MakeColumn(FuzzInput& input);

  FamilyHeader header_;
  size_t labels_;
  std::optional<Buckets> buckets_;
  bool is_signed_ = false;
  // With the place of each text in the arena; null: not there yet.
  std::map<std::string, const char*, CanonicalLess> series_;
  TextArena arena_;
  Column column_;
  Column other_;  // read from another map, if it has an order
  std::shared_ptr<const GzipTokens> tokens_;
};

inline ChangingMetric::ChangingMetric(FuzzInput& input, std::string name) {
  header_.name = std::move(name);
  header_.help = input.Coin() ? "What\nit \\ is" : "";
  header_.type = static_cast<FamilyType>(input.Below(3));
  labels_ = input.Below(4);
  is_signed_ = header_.type == FamilyType::kGauge && input.Coin();
  if (header_.type != FamilyType::kHistogram) return;
  constexpr double kMultipliers[] = {1, 1e-6, 0.3};
  BucketConfig config;
  config.type = static_cast<BucketType>(input.Below(3));
  config.max = static_cast<int64_t>(input.Below(12));
  config.multiplier = kMultipliers[input.Below(3)];
  buckets_ = *Buckets::Make(config);
}

inline std::string ChangingMetric::AnyLabels(FuzzInput& input) const {
  constexpr std::string_view kNames[] = {"a", "device", "op"};
  std::string text;
  for (size_t i = 0; i < labels_; ++i) {
    AppendLabel(kNames[i], AnyValue(input), text);
  }
  return text;
}

inline void ChangingMetric::ChangeSeries(FuzzInput& input) {
  for (size_t gone = input.Below(3); gone > 0 && !series_.empty(); --gone) {
    const size_t at = input.Below(series_.size());
    series_.erase(std::next(series_.begin(), static_cast<ptrdiff_t>(at)));
  }
  for (size_t added = input.Below(6); added > 0; --added) {
    series_.try_emplace(AnyLabels(input), nullptr);
  }
  if (input.Below(4) > 0) return;
  // As a table that moves its living text does.
  arena_ = TextArena();
  for (auto& [text, place] : series_) place = nullptr;
}

inline Column ChangingMetric::MakeColumn(FuzzInput& input) {
  const size_t width = buckets_ ? buckets_->size() + 1 : 1;
  auto order = std::make_shared<SeriesOrder>();
  size_t cell = series_.size() * width;  // not in the order of the series
  for (auto& [text, place] : series_) {
    if (place == nullptr) place = arena_.Add(text);
    cell -= width;
    order->series.push_back({place, static_cast<uint32_t>(text.size()),
                             static_cast<uint32_t>(cell)});
  }
  order->text = arena_;
  Column column;
  column.order = std::move(order);
  column.cells.resize(series_.size() * width);
  for (uint64_t& number : column.cells) number = AnyNumber(input);
  return column;
}

inline void ChangingMetric::Scrape(FuzzInput& input) {
  if (input.Below(8) > 0) ChangeSeries(input);
  column_ = MakeColumn(input);
  other_ = input.Below(8) == 0 ? MakeColumn(input) : Column();
  // Sometimes those of the last order stay, and must not be used.
  if (input.Below(8) == 0) return;
  const bool anew = input.Below(4) == 0;
  tokens_ = GzipTokens::Build(column_.order, header_.name,
                              buckets_ ? &*buckets_ : nullptr,
                              anew ? nullptr : tokens_.get());
}

inline MetricFamily ChangingMetric::Family(bool with_tokens) const {
  MetricFamily family{.header = &header_,
                      .buckets = buckets_ ? &*buckets_ : nullptr,
                      .is_signed = is_signed_,
                      .columns = {&column_}};
  if (other_.order != nullptr) family.columns.push_back(&other_);
  if (with_tokens) family.tokens = tokens_.get();
  return family;
}

inline PlainFamily AnyPlainFamily(FuzzInput& input, std::string name) {
  PlainFamily family;
  family.header = {std::move(name), "Of itself", FamilyType::kGauge};
  for (size_t count = input.Below(4); count > 0; --count) {
    PlainSample& sample = family.samples.emplace_back();
    AppendLabel("x", AnyValue(input), sample.labels);
    const uint64_t number = AnyNumber(input);
    sample.value = number;
    if (input.Coin()) {
      double real = 0;
      std::memcpy(&real, &number, sizeof(real));
      sample.value = real;
    }
  }
  return family;
}

}  // namespace internal

template <typename Write>
void CheckGzipPage(Write write) {
  internal::PageSink text;
  PrometheusTextWriter<internal::PageSink> text_writer(&text);
  write(text_writer);
  text_writer.Finish();
  internal::PageSink gzip;
  GzipTextWriter<internal::PageSink> gzip_writer(&gzip);
  write(gzip_writer);
  gzip_writer.Finish();
  FuzzCheck(gzip_writer.ok(), "the sink took all");
  const std::optional<std::string> read = ZlibGunzip(gzip.bytes);
  FuzzCheck(read.has_value(), "zlib reads it");
  FuzzCheck(*read == text.bytes, "zlib reads the text");
  // The other reader is slow, and a short page has all kinds of lines.
  if (text.bytes.size() > 2'000) return;
  FuzzCheck(Gunzip(gzip.bytes) == text.bytes, "another reads the text");
}

inline void CheckGzipScrapes(FuzzInput& input) {
  std::list<internal::ChangingMetric> metrics;
  for (size_t i = 1 + input.Below(3); i > 0; --i) {
    metrics.emplace_back(input, "ebpf_exporter_m" + std::to_string(3 - i));
  }
  for (size_t scrapes = 1 + input.Below(4); scrapes > 0; --scrapes) {
    for (internal::ChangingMetric& metric : metrics) metric.Scrape(input);
    const PlainFamily plain =
        internal::AnyPlainFamily(input, "ebpf_exporter_own");
    const bool plain_first = input.Coin();
    CheckGzipPage([&](auto& writer) {
      if (plain_first) writer.Write(plain);
      for (const internal::ChangingMetric& metric : metrics) {
        writer.Write(metric.Family(/*with_tokens=*/true));
      }
      if (!plain_first) writer.Write(plain);
    });
  }
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_EXPOSITION_GZIP_CHECK_H_
