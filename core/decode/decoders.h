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
#include "core/decode/cgroup.h"
#include "core/decode/decoder.h"
#include "core/decode/dname.h"
#include "core/decode/enum.h"
#include "core/decode/errno.h"
#include "core/decode/hex.h"
#include "core/decode/ifname.h"
#include "core/decode/inet_ip.h"
#include "core/decode/int.h"
#include "core/decode/kstack.h"
#include "core/decode/ksym.h"
#include "core/decode/mac.h"
#include "core/decode/majorminor.h"
#include "core/decode/pci.h"
#include "core/decode/pipeline.h"
#include "core/decode/regexp.h"
#include "core/decode/static_map.h"
#include "core/decode/string.h"
#include "core/decode/syscall.h"
#include "core/decode/uint.h"
#include "core/layout/enum_names.h"
#include "core/resolve/names.h"
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
  // In bytewise order of their names.
  using Variant =
      std::variant<CgroupDecoder, DnameDecoder, EnumDecoder, ErrnoDecoder,
                   HexDecoder, IfnameDecoder, InetIpDecoder, IntDecoder,
                   KstackDecoder, KsymDecoder, MacDecoder, MajorMinorDecoder,
                   PciClassDecoder, PciDeviceDecoder, PciSubclassDecoder,
                   PciVendorDecoder, RegexpDecoder, StaticMapDecoder,
                   StringDecoder, SyscallDecoder, UintDecoder>;

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
  const NameResolver* block_devices = nullptr;  // by BlockDeviceId()
  const NameResolver* interfaces = nullptr;     // by index
  const NameResolver* cgroups = nullptr;        // by id
  const NameResolver* pci = nullptr;            // by PciId()
  // Whose system calls are counted, as `uname -m` prints it; empty: this one's.
  std::string machine = {};
};

// The decoders whose text comes from a resolver.
inline constexpr std::array<std::string_view, 9> kDecodersOfNames = {
    CgroupDecoder::kName,     IfnameDecoder::kName,
    KstackDecoder::kName,     KsymDecoder::kName,
    MajorMinorDecoder::kName, PciClassDecoder::kName,
    PciDeviceDecoder::kName,  PciSubclassDecoder::kName,
    PciVendorDecoder::kName};

// The decoder that the configuration describes. Errors say what is wrong with
// it, the caller says where it stands. `enums`: the names that BTF has for the
// label's values, for `enum`.
absl::StatusOr<AnyDecoder> MakeDecoder(const DecoderConfig& config,
                                       const Resolvers& resolvers,
                                       RegexpMode mode,
                                       const EnumNames& enums = {});

// The chain of a label. A label without decoders is an error.
absl::StatusOr<Pipeline<AnyDecoder>> MakePipeline(const LabelConfig& label,
                                                  const Resolvers& resolvers,
                                                  RegexpMode mode,
                                                  const EnumNames& enums = {});

// Implementation.

namespace internal {

template <typename D>
using Step = std::type_identity<D>;

// What a decoder may be made from.
struct Recipe {
  const DecoderConfig& config;
  const Resolvers& resolvers;
  RegexpMode mode;
  const EnumNames& enums;
};

template <std::default_initializable D>
absl::StatusOr<AnyDecoder> MakeStep(Step<D>, const Recipe&) {
  return AnyDecoder(D());
}

template <std::constructible_from<const SymbolResolver*> D>
absl::StatusOr<AnyDecoder> MakeStep(Step<D>, const Recipe& recipe) {
  return AnyDecoder(D(recipe.resolvers.symbols));
}

inline absl::StatusOr<AnyDecoder> MakeStep(Step<CgroupDecoder>,
                                           const Recipe& recipe) {
  return AnyDecoder(CgroupDecoder(recipe.resolvers.cgroups));
}

inline absl::StatusOr<AnyDecoder> MakeStep(Step<EnumDecoder>,
                                           const Recipe& recipe) {
  return AnyDecoder(EnumDecoder(recipe.enums));
}

inline absl::StatusOr<AnyDecoder> MakeStep(Step<IfnameDecoder>,
                                           const Recipe& recipe) {
  return AnyDecoder(IfnameDecoder(recipe.resolvers.interfaces));
}

inline absl::StatusOr<AnyDecoder> MakeStep(Step<MajorMinorDecoder>,
                                           const Recipe& recipe) {
  return AnyDecoder(MajorMinorDecoder(recipe.resolvers.block_devices));
}

template <std::derived_from<PciDecoder> D>
absl::StatusOr<AnyDecoder> MakeStep(Step<D>, const Recipe& recipe) {
  return AnyDecoder(D(recipe.resolvers.pci));
}

inline absl::StatusOr<AnyDecoder> MakeStep(Step<RegexpDecoder>,
                                           const Recipe& recipe) {
  if (!recipe.config.has_regexps) {
    return absl::InvalidArgumentError("no regexps");
  }
  absl::StatusOr<RegexpDecoder> decoder =
      RegexpDecoder::Make(recipe.config.regexps, recipe.mode);
  if (!decoder.ok()) return decoder.status();
  return AnyDecoder(*std::move(decoder));
}

inline absl::StatusOr<AnyDecoder> MakeStep(Step<StaticMapDecoder>,
                                           const Recipe& recipe) {
  if (!recipe.config.has_static_map) {
    return absl::InvalidArgumentError("empty mapping");
  }
  return AnyDecoder(
      StaticMapDecoder(recipe.config.static_map, recipe.config.allow_unknown
                                                     ? UnknownText::kAllowed
                                                     : UnknownText::kMarked));
}

inline absl::StatusOr<AnyDecoder> MakeStep(Step<SyscallDecoder>,
                                           const Recipe& recipe) {
  return AnyDecoder(SyscallDecoder(recipe.resolvers.machine));
}

// Makes the decoder of that name among Ds.
template <typename... Ds>
absl::StatusOr<AnyDecoder> MakeNamed(Step<std::variant<Ds...>>,
                                     const Recipe& recipe) {
  absl::StatusOr<AnyDecoder> made;
  const auto try_one = [&]<typename D>(Step<D> step) {
    if (recipe.config.name != D::kName) return false;
    made = MakeStep(step, recipe);
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
                                              RegexpMode mode,
                                              const EnumNames& enums) {
  absl::StatusOr<AnyDecoder> made =
      internal::MakeNamed(internal::Step<AnyDecoder::Variant>(),
                          internal::Recipe{config, resolvers, mode, enums});
  if (made.ok()) return made;
  return absl::Status(
      made.status().code(),
      absl::StrCat("decoder `", config.name, "`: ", made.status().message()));
}

inline absl::StatusOr<Pipeline<AnyDecoder>> MakePipeline(
    const LabelConfig& label, const Resolvers& resolvers, RegexpMode mode,
    const EnumNames& enums) {
  const auto refuse = [&label](std::string_view why) {
    return absl::InvalidArgumentError(
        absl::StrCat("label \"", label.name, "\": ", why));
  };
  if (label.decoders.empty()) return refuse("no decoders");
  std::vector<AnyDecoder> steps;
  steps.reserve(label.decoders.size());
  for (const DecoderConfig& config : label.decoders) {
    absl::StatusOr<AnyDecoder> step =
        MakeDecoder(config, resolvers, mode, enums);
    if (!step.ok()) return refuse(step.status().message());
    steps.push_back(*std::move(step));
  }
  return Pipeline<AnyDecoder>(std::move(steps));
}

static_assert(Decoder<AnyDecoder>);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DECODE_DECODERS_H_
