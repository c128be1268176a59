// The closed set of decoders: the only place that knows all of them. What is
// needed of each to take part is its place in AnyDecoder's variant and, if it
// is built from something, a MakeStep().

#ifndef EBPF_EXPORTER_CORE_DECODE_DECODERS_H_
#define EBPF_EXPORTER_CORE_DECODE_DECODERS_H_

#include <array>
#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/config/config.h"
#include "core/decode/decoder.h"
#include "core/decode/dname.h"
#include "core/decode/ksym.h"
#include "core/decode/pipeline.h"
#include "core/decode/regexp.h"
#include "core/decode/static_map.h"
#include "core/decode/string.h"
#include "core/decode/uint.h"
#include "core/resolve/symbols.h"

namespace ebpf_exporter {

namespace internal {

template <typename... Ds>
constexpr std::array<std::string_view, sizeof...(Ds)> NamesOf(
    std::type_identity<std::variant<Ds...>>) {
  return {Ds::kName...};
}

}  // namespace internal

// Any one of the decoders, chosen at run time.
class AnyDecoder {
 public:
  using Variant =
      std::variant<DnameDecoder, KsymDecoder<SymbolResolver>, RegexpDecoder,
                   StaticMapDecoder, StringDecoder, UintDecoder>;

  static constexpr std::string_view kName = "any";

  // The names users write, in the order of the variant.
  static constexpr auto kNames =
      internal::NamesOf(std::type_identity<Variant>());

  template <typename D>
  requires std::constructible_from<Variant, D>
  explicit AnyDecoder(D decoder) : decoder_(std::move(decoder)) {}

  // The name of the decoder chosen.
  std::string_view name() const;

  Outcome Decode(ByteView in, std::string& out) const;

 private:
  Variant decoder_;
};

// Who knows names. Each must outlive the decoders made with it; null knows
// none.
struct Resolvers {
  const SymbolResolver* symbols = nullptr;
};

// The decoder that the configuration describes. Errors say what is wrong with
// it, the caller says where it stands.
absl::StatusOr<AnyDecoder> MakeDecoder(const DecoderConfig& config,
                                       const Resolvers& resolvers,
                                       RegexpMode mode);

// The chain of a label. A label without decoders is an error.
absl::StatusOr<Pipeline<AnyDecoder>> MakePipeline(const LabelConfig& label,
                                                  const Resolvers& resolvers,
                                                  RegexpMode mode);

// Implementation.

namespace internal {

template <typename D>
using Step = std::type_identity<D>;

template <std::default_initializable D>
absl::StatusOr<AnyDecoder> MakeStep(Step<D>, const DecoderConfig&,
                                    const Resolvers&, RegexpMode) {
  return AnyDecoder(D());
}

inline absl::StatusOr<AnyDecoder> MakeStep(Step<KsymDecoder<SymbolResolver>>,
                                           const DecoderConfig&,
                                           const Resolvers& resolvers,
                                           RegexpMode) {
  return AnyDecoder(KsymDecoder(resolvers.symbols));
}

inline absl::StatusOr<AnyDecoder> MakeStep(Step<RegexpDecoder>,
                                           const DecoderConfig& config,
                                           const Resolvers&, RegexpMode mode) {
  if (!config.has_regexps) return absl::InvalidArgumentError("no regexps");
  absl::StatusOr<RegexpDecoder> decoder =
      RegexpDecoder::Make(config.regexps, mode);
  if (!decoder.ok()) return decoder.status();
  return AnyDecoder(*std::move(decoder));
}

inline absl::StatusOr<AnyDecoder> MakeStep(Step<StaticMapDecoder>,
                                           const DecoderConfig& config,
                                           const Resolvers&, RegexpMode) {
  if (!config.has_static_map) {
    return absl::InvalidArgumentError("empty mapping");
  }
  return AnyDecoder(StaticMapDecoder(
      config.static_map,
      config.allow_unknown ? UnknownText::kAllowed : UnknownText::kMarked));
}

// Makes the decoder of that name among Ds.
template <typename... Ds>
absl::StatusOr<AnyDecoder> MakeNamed(Step<std::variant<Ds...>>,
                                     const DecoderConfig& config,
                                     const Resolvers& resolvers,
                                     RegexpMode mode) {
  absl::StatusOr<AnyDecoder> made;
  const auto try_one = [&]<typename D>(Step<D> step) {
    if (config.name != D::kName) return false;
    made = MakeStep(step, config, resolvers, mode);
    return true;
  };
  if ((try_one(Step<Ds>()) || ...)) return made;
  return absl::InvalidArgumentError(absl::StrCat(
      "no such decoder; known are ", absl::StrJoin(AnyDecoder::kNames, ", ")));
}

}  // namespace internal

inline std::string_view AnyDecoder::name() const {
  return kNames[decoder_.index()];
}

inline Outcome AnyDecoder::Decode(ByteView in, std::string& out) const {
  return std::visit(
      [&](const auto& decoder) { return decoder.Decode(in, out); }, decoder_);
}

inline absl::StatusOr<AnyDecoder> MakeDecoder(const DecoderConfig& config,
                                              const Resolvers& resolvers,
                                              RegexpMode mode) {
  absl::StatusOr<AnyDecoder> made = internal::MakeNamed(
      internal::Step<AnyDecoder::Variant>(), config, resolvers, mode);
  if (made.ok()) return made;
  return absl::Status(
      made.status().code(),
      absl::StrCat("decoder `", config.name, "`: ", made.status().message()));
}

inline absl::StatusOr<Pipeline<AnyDecoder>> MakePipeline(
    const LabelConfig& label, const Resolvers& resolvers, RegexpMode mode) {
  const auto refuse = [&label](std::string_view why) {
    return absl::InvalidArgumentError(
        absl::StrCat("label \"", label.name, "\": ", why));
  };
  if (label.decoders.empty()) return refuse("no decoders");
  std::vector<AnyDecoder> steps;
  steps.reserve(label.decoders.size());
  for (const DecoderConfig& config : label.decoders) {
    absl::StatusOr<AnyDecoder> step = MakeDecoder(config, resolvers, mode);
    if (!step.ok()) return refuse(step.status().message());
    steps.push_back(*std::move(step));
  }
  return Pipeline<AnyDecoder>(std::move(steps));
}

static_assert(Decoder<AnyDecoder>);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DECODE_DECODERS_H_
