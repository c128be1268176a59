#include "benchmark/programs/variant.h"

#include <cstdlib>

#include "benchmark/programs/measured_programs.h"

namespace ebpf_exporter {
namespace {

struct NamedForm {
  Form form;
  std::string_view name;
};

struct NamedMap {
  MapType type;
  std::string_view name;
};

constexpr std::string_view kKinds[] = {"tracepoint", "raw_tp", "tp_btf",
                                       "fentry", "kprobe"};

constexpr NamedForm kForms[] = {{Form::kCounter, "counter"},
                                {Form::kEntries, "entries"},
                                {Form::kValue, "value"}};

constexpr NamedMap kMaps[] = {{MapType::kHash, "hash"},
                              {MapType::kPerCpuHash, "percpu_hash"},
                              {MapType::kLruHash, "lru_hash"},
                              {MapType::kLruPerCpuHash, "lru_percpu_hash"},
                              {MapType::kArray, "array"},
                              {MapType::kPerCpuArray, "percpu_array"}};

// Histograms are measured in some of the maps only.
bool Has(Form form, MapType map) {
  return form == Form::kCounter || map == MapType::kHash ||
         map == MapType::kPerCpuHash || map == MapType::kPerCpuArray;
}

Variant Empty(std::string_view kind) {
  return {kind, Form::kEmpty, "empty", "", MapType::kUnspecified, ""};
}

}  // namespace

std::string Variant::Name() const {
  std::string name(kind);
  name.append("_").append(program);
  if (!code.empty()) name.append("_").append(code).append("_").append(map);
  return name;
}

std::vector<Variant> CodeVariants() {
  std::vector<Variant> all = {Empty("tp_btf")};
  for (const NamedForm& form : kForms) {
    for (const NamedMap& map : kMaps) {
      if (!Has(form.form, map.type)) continue;
      for (const std::string_view code : {"plain", "helper"}) {
        all.push_back(
            {"tp_btf", form.form, form.name, map.name, map.type, code});
      }
    }
  }
  return all;
}

std::vector<Variant> ProbeVariants() {
  std::vector<Variant> all;
  for (const std::string_view kind : kKinds) {
    all.push_back(Empty(kind));
    for (const NamedMap& map : kMaps) {
      if (map.type == MapType::kLruPerCpuHash) continue;
      all.push_back(
          {kind, Form::kCounter, "counter", map.name, map.type, "helper"});
    }
    all.push_back(
        {kind, Form::kComplex, "complex", "hash", MapType::kHash, "helper"});
  }
  return all;
}

std::span<const std::byte> ObjectOf(const Variant& variant) {
  const std::string name = variant.Name() + ".bpf.o";
  for (const EmbeddedFile& file : MeasuredPrograms()) {
    if (file.name == name) return file.bytes;
  }
  std::abort();  // the lists here and in objects.bzl differ
}

}  // namespace ebpf_exporter
