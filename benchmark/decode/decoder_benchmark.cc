// Each decoder, chosen at run time as the exporter chooses it, and pipelines as
// configurations have them. The references are written anew, in the plainest
// way.

#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "benchmark/benchmark.h"
#include "benchmark/decode/check.h"
#include "core/config/config.h"
#include "core/decode/decoders.h"
#include "core/layout/enum_names.h"
#include "core/resolve/name_table.h"
#include "core/resolve/names.h"
#include "core/resolve/pci_id.h"
#include "core/resolve/symbols.h"

namespace ebpf_exporter {
namespace {

constexpr uint32_t kInputs = 1024;

// 1000 symbols, 64 bytes apart.
class SomeSymbols final : public SymbolResolver {
 public:
  SomeSymbols() {
    for (uint64_t i = 0; i < 1000; ++i) {
      names_[AddressOf(i)] = absl::StrCat("function_", i);
    }
  }
  static uint64_t AddressOf(uint64_t i) { return 0xffffffff81000000 + 64 * i; }
  const std::map<uint64_t, std::string>& names() const { return names_; }

  bool AppendSymbol(uint64_t address, std::string& out) const override {
    const auto found = names_.find(address);
    if (found == names_.end()) return false;
    out += found->second;
    return true;
  }
  uint64_t epoch() const override { return 1; }

 private:
  std::map<uint64_t, std::string> names_;
};

const SomeSymbols& Symbols() {
  static const SomeSymbols* const symbols = new SomeSymbols;
  return *symbols;
}

// A name for each number, in the plainest way.
std::string NameOf(uint64_t id) { return absl::StrCat("name_", id); }

const NameTable& Names() {
  static const NameTable* const names = [] {
    auto* const table = new NameTable;
    for (uint64_t id = 0; id < kInputs; ++id) {
      table->Add(id, NameOf(id));
      table->Add(*PciId(PciKind::kVendor, id), NameOf(id));
      table->Add(*PciId(PciKind::kDevice, id), NameOf(id));
      table->Add(*PciId(PciKind::kSubclass, id), NameOf(id));
      table->Add(BlockDeviceId(8, static_cast<uint32_t>(id)), NameOf(id));
    }
    for (uint64_t id = 0; id < 256; ++id) {
      table->Add(*PciId(PciKind::kClass, id), NameOf(id));
    }
    return table;
  }();
  return *names;
}

Resolvers AllNames() {
  return {.symbols = &Symbols(),
          .block_devices = &Names(),
          .interfaces = &Names(),
          .cgroups = &Names(),
          .pci = &Names(),
          .machine = "x86_64"};
}

EnumNames Enum() {
  EnumNames enums;
  for (uint64_t value = 0; value < 16; ++value) {
    enums.names.push_back({value, NameOf(value)});
  }
  return enums;
}

// A chain of decoders, bytes to put through it, and what is to come out.
struct Case {
  std::string name;
  LabelConfig label;
  std::vector<std::string> inputs{};
  std::vector<std::string> outputs{};
};

template <typename T>
std::string BytesOf(const T& value) {
  return std::string(reinterpret_cast<const char*>(&value), sizeof(value));
}

std::string Padded(std::string text, size_t size) {
  text.resize(size);
  return text;
}

LabelConfig Chain(std::vector<std::string> names) {
  LabelConfig label;
  label.name = "label";
  for (std::string& name : names) {
    label.decoders.emplace_back().name = std::move(name);
  }
  return label;
}

Case Uint() {
  Case made{"uint", Chain({"uint"})};
  for (uint32_t i = 0; i < kInputs; ++i) {
    const uint32_t number = i * 2654435761u >> (i % 32);
    made.inputs.push_back(BytesOf(number));
    made.outputs.push_back(std::to_string(number));
  }
  return made;
}

Case String() {
  Case made{"string", Chain({"string"})};
  for (uint32_t i = 0; i < kInputs; ++i) {
    made.outputs.push_back(std::string("kworker/u8:0-flu").substr(i % 16));
    made.inputs.push_back(Padded(made.outputs.back(), 16));
  }
  return made;
}

Case Ksym() {
  Case made{"ksym", Chain({"ksym"})};
  for (uint32_t i = 0; i < kInputs; ++i) {
    const uint64_t address = SomeSymbols::AddressOf(i * 7 % 1000);
    made.inputs.push_back(BytesOf(address));
    made.outputs.push_back(Symbols().names().at(address));
  }
  return made;
}

Case StaticMap() {
  Case made{"static_map", Chain({"static_map"})};
  DecoderConfig& decoder = made.label.decoders[0];
  decoder.has_static_map = true;
  for (int i = 0; i < 40; ++i) {
    decoder.static_map.emplace_back(absl::StrCat(i), absl::StrCat("name_", i));
  }
  for (uint32_t i = 0; i < kInputs; ++i) {
    const uint32_t number = i * 7 % 44;
    made.inputs.push_back(absl::StrCat(number));
    made.outputs.push_back(number < 40 ? absl::StrCat("name_", number)
                                       : absl::StrCat("unknown:", number));
  }
  return made;
}

Case Dname() {
  Case made{"dname", Chain({"dname"})};
  for (uint32_t i = 0; i < kInputs; ++i) {
    const std::string host = absl::StrCat("host", i);
    std::string name(1, static_cast<char>(host.size()));
    name += host + "\7example\3org";
    made.inputs.push_back(std::move(name));
    made.outputs.push_back(host + ".example.org");
  }
  return made;
}

// Text that matches is kept whole; of the rest no label is made, so all match.
Case Regexp() {
  Case made{"regexp", Chain({"regexp"})};
  DecoderConfig& decoder = made.label.decoders[0];
  decoder.has_regexps = true;
  decoder.regexps = {"^/dev/nvme[0-9]+n[0-9]+$", "^/dev/sd[a-z]+[0-9]*$"};
  for (uint32_t i = 0; i < kInputs; ++i) {
    made.inputs.push_back(
        i % 2 == 0 ? absl::StrCat("/dev/nvme", i, "n1")
                   : absl::StrCat("/dev/sd", std::string(1, 'a' + i % 26), i));
  }
  made.outputs = made.inputs;
  return made;
}

Case Int() {
  Case made{"int", Chain({"int"})};
  for (uint32_t i = 0; i < kInputs; ++i) {
    const int32_t number = static_cast<int32_t>(i * 2654435761u) >> (i % 32);
    made.inputs.push_back(BytesOf(number));
    made.outputs.push_back(std::to_string(number));
  }
  return made;
}

// Of kInputs numbers below `limit`, the text of each as input.
template <typename Output>
Case OfNumbers(std::string name, uint32_t limit, Output output) {
  Case made{name, Chain({name})};
  for (uint32_t i = 0; i < kInputs; ++i) {
    made.inputs.push_back(absl::StrCat(i * 7 % limit));
    made.outputs.push_back(output(i * 7 % limit));
  }
  return made;
}

Case Errno() {
  return OfNumbers("errno", 2, [](uint32_t number) {
    return std::string(number == 0 ? "unknown:0" : "EPERM");
  });
}

Case Syscall() {
  return OfNumbers("syscall", 4, [](uint32_t number) {
    const char* const names[] = {"read", "write", "open", "close"};
    return std::string(names[number]);
  });
}

// Bytes of `size`, all alike, and each of them in digits.
Case OfBytes(std::string name, size_t size, std::string_view between) {
  Case made{name, Chain({name})};
  for (uint32_t i = 0; i < kInputs; ++i) {
    made.inputs.emplace_back(size, static_cast<char>(i));
    std::string text;
    for (size_t at = 0; at < size; ++at) {
      absl::StrAppend(&text, at == 0 ? "" : between,
                      absl::Hex(i % 256, absl::kZeroPad2));
    }
    made.outputs.push_back(std::move(text));
  }
  return made;
}

Case InetIp() {
  Case made{"inet_ip", Chain({"inet_ip"})};
  for (uint32_t i = 0; i < kInputs; ++i) {
    std::string bytes(16, '\0');
    bytes[0] = 0x20;
    bytes[1] = 1;
    bytes[14] = static_cast<char>(0x10 + i / 256);
    bytes[15] = static_cast<char>(i);
    made.inputs.push_back(bytes);
    made.outputs.push_back(
        absl::StrCat("2001::", absl::Hex(0x1000 + i / 256 * 256 + i % 256)));
  }
  return made;
}

Case EnumNamed() {
  Case made{"enum", Chain({"enum"})};
  for (uint32_t i = 0; i < kInputs; ++i) {
    const uint32_t number = i % 20;
    made.inputs.push_back(BytesOf(number));
    made.outputs.push_back(number < 16 ? NameOf(number)
                                       : std::to_string(number));
  }
  return made;
}

Case Kstack() {
  Case made{"kstack", Chain({"kstack"})};
  for (uint32_t i = 0; i < kInputs; ++i) {
    std::string bytes;
    std::string text;
    for (uint32_t frame = 0; frame < 16; ++frame) {
      const uint64_t which = (i * 7 + frame) % 1000;
      bytes += BytesOf(SomeSymbols::AddressOf(which));
      absl::StrAppend(&text, frame == 0 ? "" : "\n", "function_", which);
    }
    made.inputs.push_back(Padded(bytes, 20 * 8));
    made.outputs.push_back(std::move(text));
  }
  return made;
}

Case Ifname() {
  Case made{"ifname", Chain({"ifname"})};
  for (uint32_t i = 0; i < kInputs; ++i) {
    made.inputs.push_back(BytesOf(i));
    made.outputs.push_back(NameOf(i));
  }
  return made;
}

Case MajorMinor() {
  Case made{"majorminor", Chain({"majorminor"})};
  for (uint32_t i = 0; i < kInputs; ++i) {
    const uint32_t device = i % 256 | 8 << 8 | i / 256 << 20;
    made.inputs.push_back(BytesOf(device));
    made.outputs.push_back(NameOf(i));
  }
  return made;
}

Case UintThenStaticMap() {
  const Case map = StaticMap();
  Case made{"uint+static_map", Chain({"uint", "static_map"}), {}, map.outputs};
  made.label.decoders[1].has_static_map = true;
  made.label.decoders[1].static_map = map.label.decoders[0].static_map;
  for (const std::string& text : map.inputs) {
    made.inputs.push_back(BytesOf(static_cast<uint64_t>(std::stoul(text))));
  }
  return made;
}

Case StringThenRegexp() {
  Case made = Regexp();
  made.name = "string+regexp";
  made.label.decoders.insert(made.label.decoders.begin(),
                             Chain({"string"}).decoders[0]);
  for (std::string& text : made.inputs) text = Padded(text, 32);
  return made;
}

Pipeline<AnyDecoder> Checked(const Case& tried) {
  Pipeline<AnyDecoder> pipeline = CheckedValue(
      MakePipeline(tried.label, AllNames(), RegexpMode::kKeepInput, Enum()));
  for (size_t i = 0; i < tried.inputs.size(); ++i) {
    std::string out;
    const Outcome outcome = pipeline.Run(tried.inputs[i], out);
    CheckThat(outcome.verdict == Verdict::kKeep, tried.name);
    CheckSame(out, tried.outputs[i], tried.name);
  }
  return pipeline;
}

void RunPipeline(benchmark::State& state, const Case& tried) {
  const Pipeline<AnyDecoder> pipeline = Checked(tried);
  size_t bytes = 0;
  for (const std::string& input : tried.inputs) bytes += input.size();
  std::string out;
  for (auto _ : state) {
    for (const std::string& input : tried.inputs) {
      out.clear();
      benchmark::DoNotOptimize(pipeline.Run(input, out));
      benchmark::DoNotOptimize(out.data());
    }
  }
  const auto rounds = static_cast<int64_t>(state.iterations());
  state.SetItemsProcessed(rounds * static_cast<int64_t>(tried.inputs.size()));
  state.SetBytesProcessed(rounds * static_cast<int64_t>(bytes));
}

// Each decoder is here: one that is not would never be measured.
[[maybe_unused]] const bool kRegistered = [] {
  std::vector<Case> cases = {Uint(),
                             Int(),
                             String(),
                             Ksym(),
                             Kstack(),
                             StaticMap(),
                             Dname(),
                             Regexp(),
                             Errno(),
                             Syscall(),
                             OfBytes("hex", 16, ""),
                             OfBytes("mac", 6, ":"),
                             InetIp(),
                             EnumNamed(),
                             Ifname(),
                             MajorMinor(),
                             OfNumbers("cgroup", kInputs, NameOf),
                             OfNumbers("pci_vendor", kInputs, NameOf),
                             OfNumbers("pci_device", kInputs, NameOf),
                             OfNumbers("pci_class", 256, NameOf),
                             OfNumbers("pci_subclass", kInputs, NameOf)};
  for (const std::string_view decoder : AnyDecoder::kNames) {
    bool found = false;
    for (const Case& one : cases) found = found || one.name == decoder;
    CheckThat(found, absl::StrCat("there is no benchmark of ", decoder));
  }
  cases.push_back(UintThenStaticMap());
  cases.push_back(StringThenRegexp());
  for (const Case& one : cases) {
    benchmark::RegisterBenchmark(
        absl::StrCat("Decode/", one.name).c_str(),
        [one](benchmark::State& state) { RunPipeline(state, one); });
  }
  return true;
}();

}  // namespace
}  // namespace ebpf_exporter
