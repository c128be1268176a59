// Buckets and Accumulate give the histogram that the originals' rules give: for
// each bucket in turn, its bound and the sum of the entries whose key is that
// bucket's, and the sum's entry behind the last.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "core/config/config.h"
#include "core/histogram/bucket_scheme.h"
#include "core/histogram/buckets.h"
#include "core/histogram/cumulative.h"
#include "tools/build/fuzz_input.h"

namespace ebpf_exporter {
namespace {

using Entries = std::vector<std::pair<uint64_t, uint64_t>>;

double AnyDouble(FuzzInput& input) {
  const uint64_t bits = input.Number();
  double number = 0;
  std::memcpy(&number, &bits, sizeof(number));
  return number;
}

double Multiplier(FuzzInput& input) {
  constexpr double kUsual[] = {1, 0, 1e-6, 1e-9, 1024, 0.3, 50};
  const size_t which = input.Below(std::size(kUsual) + 1);
  return which < std::size(kUsual) ? kUsual[which] : AnyDouble(input);
}

std::vector<double> Keys(FuzzInput& input) {
  std::vector<double> keys;
  double last = 0;
  for (size_t count = input.Below(12); count > 0; --count) {
    const uint8_t step = input.Byte();
    last = step == 255 ? AnyDouble(input) : last + step * 0.5;
    keys.push_back(last);
  }
  return keys;
}

BucketConfig ConfigOf(FuzzInput& input) {
  BucketConfig config;
  config.type = static_cast<BucketType>(input.Below(4));
  config.multiplier = Multiplier(input);
  if (config.type == BucketType::kFixed) {
    config.keys = Keys(input);
    return config;
  }
  const bool any = input.Below(8) == 7;
  config.min = any ? static_cast<int64_t>(input.Number()) : input.Byte() - 8;
  const uint64_t steps =
      input.Below(32) == 31 ? input.Number() : input.Below(72);
  config.max =
      static_cast<int64_t>(static_cast<uint64_t>(config.min) + steps - 1);
  return config;
}

// Keys near the buckets more often than not.
Entries EntriesOf(FuzzInput& input, const BucketConfig& config) {
  Entries entries;
  while (!input.empty() && entries.size() < 40) {
    uint64_t key = input.Byte();
    if (key == 255) key = input.Number();
    if (key == 254) key = static_cast<uint64_t>(config.max) + input.Below(4);
    if (key < 128) key += static_cast<uint64_t>(config.min);
    if (key == 253 && !config.keys.empty()) {
      const double last = config.keys.back();
      if (last >= 0 && last < 1e18) key = static_cast<uint64_t>(last) + 1;
    }
    const uint8_t value = input.Byte();
    entries.emplace_back(key, value == 255 ? input.Number() : value);
  }
  return entries;
}

// A histogram without slots: bounds, and what each bucket and the sum hold.
struct Model {
  std::vector<double> bounds;
  std::vector<uint64_t> counts;  // cumulative
  uint64_t sum = 0;
  double multiplier = 1;

  // False if the bound may not follow the one before it.
  bool Add(double bound, uint64_t count);
};

bool Model::Add(double bound, uint64_t count) {
  if (!std::isfinite(bound)) return false;
  if (!bounds.empty() && !(bound > bounds.back())) return false;
  bounds.push_back(bound);
  const uint64_t before = counts.empty() ? 0 : counts.back();
  counts.push_back(before + std::min(count, UINT64_MAX - before));
  return true;
}

// All values whose key is `wanted`, in the eyes of `same`.
template <typename Key, typename Same>
uint64_t Total(const Entries& entries, Key wanted, Same same) {
  uint64_t total = 0;
  for (const auto& [key, value] : entries) {
    if (same(key, wanted)) total += std::min(value, UINT64_MAX - total);
  }
  return total;
}

double Bound(BucketType type, int64_t key, double multiplier) {
  if (type == BucketType::kLinear) return static_cast<double>(key) * multiplier;
  if (type == BucketType::kExp2Zero && key == 0) return 0;
  // Beyond this the power is zero or infinite, whatever the exponent.
  int64_t exponent = std::min<int64_t>(std::max<int64_t>(key, -9999), 9999);
  if (type == BucketType::kExp2Zero) exponent -= 1;
  return std::ldexp(1.0, static_cast<int>(exponent)) * multiplier;
}

std::optional<Model> RangeModel(const BucketConfig& config,
                                const Entries& entries, double multiplier) {
  const auto same = [](uint64_t key, int64_t wanted) {
    return wanted >= 0 && key == static_cast<uint64_t>(wanted);
  };
  Model model;
  model.multiplier = multiplier;
  if (config.max < config.min || config.max == INT64_MAX) return std::nullopt;
  const auto steps = static_cast<__int128>(config.max) - config.min;
  if (steps >= 65536) return std::nullopt;
  for (int64_t key = config.min; key <= config.max; ++key) {
    if (!model.Add(Bound(config.type, key, multiplier),
                   Total(entries, key, same))) {
      return std::nullopt;
    }
  }
  model.sum = Total(entries, config.max + 1, same);
  return model;
}

std::optional<Model> FixedModel(const BucketConfig& config,
                                const Entries& entries, double multiplier) {
  const auto same = [](uint64_t key, double wanted) {
    return static_cast<double>(key) == wanted;
  };
  Model model;
  model.multiplier = multiplier;
  if (config.keys.empty()) return std::nullopt;
  for (const double key : config.keys) {
    if (!model.Add(key * multiplier, Total(entries, key, same))) {
      return std::nullopt;
    }
  }
  // Beyond 2^53 the key of the sum is the double of the last bucket's.
  const double sum = config.keys.back() + 1;
  if (sum != config.keys.back()) model.sum = Total(entries, sum, same);
  return model;
}

std::optional<Model> ModelOf(const BucketConfig& config,
                             const Entries& entries) {
  const double multiplier = config.multiplier == 0 ? 1 : config.multiplier;
  if (!std::isfinite(multiplier) || multiplier < 0) return std::nullopt;
  return config.type == BucketType::kFixed
             ? FixedModel(config, entries, multiplier)
             : RangeModel(config, entries, multiplier);
}

// The text of a bound reads back as the bound, and is no longer than printf's
// shortest that does.
void CheckLe(std::string_view le, double bound) {
  const std::string text(le);
  FuzzCheck(std::strtod(text.c_str(), nullptr) == bound, "le reads back");
  char shortest[64];
  for (int precision = 1; precision <= 17; ++precision) {
    std::snprintf(shortest, sizeof(shortest), "%.*g", precision, bound);
    if (std::strtod(shortest, nullptr) == bound) break;
  }
  FuzzCheck(text.size() <= std::string_view(shortest).size() + 5,
            "le is too long");
  const bool scientific = le.find('e') != le.npos;
  const double size = std::fabs(bound);
  const bool plain = bound == 0 || (size >= 1e-4 && size < 1e6);
  FuzzCheck(scientific == !plain, "le in the other notation");
}

void Compare(const Buckets& buckets, const Model& model,
             const Entries& entries) {
  FuzzCheck(buckets.size() == model.bounds.size(), "the number of buckets");
  std::vector<uint64_t> cells(buckets.size() + 1);
  for (const auto& [key, value] : entries) {
    const size_t slot = buckets.SlotOf(key);
    if (slot == kNoSlot) continue;
    FuzzCheck(slot < cells.size(), "a slot that is not there");
    cells[slot] = SaturatingAdd(cells[slot], value);
  }
  std::vector<uint64_t> counts(buckets.size());
  const HistogramTotals totals =
      Accumulate(cells, buckets.multiplier(), counts);
  FuzzCheck(counts == model.counts, "counts");
  FuzzCheck(totals.count == model.counts.back(), "the count");
  FuzzCheck(totals.sum == static_cast<double>(model.sum) * model.multiplier,
            "the sum");
  for (size_t slot = 0; slot < buckets.size(); ++slot) {
    FuzzCheck(buckets.upper_bound(slot) == model.bounds[slot], "a bound");
    if (slot < 100) CheckLe(buckets.le(slot), model.bounds[slot]);
  }
}

}  // namespace
}  // namespace ebpf_exporter

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace ebpf_exporter;  // NOLINT(google-build-using-namespace)
  FuzzInput input(data, size);
  const BucketConfig config = ConfigOf(input);
  const Entries entries = EntriesOf(input, config);
  const std::optional<Model> model = ModelOf(config, entries);
  const absl::StatusOr<Buckets> buckets = Buckets::Make(config);
  FuzzCheck(buckets.ok() == model.has_value(), "what is refused");
  if (buckets.ok()) Compare(*buckets, *model, entries);
  return 0;
}
