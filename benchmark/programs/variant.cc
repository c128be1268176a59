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

std::vector<Variant> AllVariants() {
  std::vector<Variant> all = {
      {Form::kEmpty, "empty", "", MapType::kUnspecified, ""}};
  for (const NamedForm& form : kForms) {
    for (const NamedMap& map : kMaps) {
      if (!Has(form.form, map.type)) continue;
      for (const std::string_view code : {"plain", "helper"}) {
        all.push_back({form.form, form.name, map.name, map.type, code});
      }
    }
  }
  return all;
}

}  // namespace

std::string Variant::Name() const {
  std::string name(program);
  if (!code.empty()) name.append("_").append(code).append("_").append(map);
  return name;
}

const std::vector<Variant>& Variants() {
  static const std::vector<Variant>& variants =
      *new std::vector<Variant>(AllVariants());
  return variants;
}

std::span<const std::byte> ObjectOf(const Variant& variant) {
  const std::string name = variant.Name() + ".bpf.o";
  for (const EmbeddedFile& file : MeasuredPrograms()) {
    if (file.name == name) return file.bytes;
  }
  std::abort();  // Variants() and BUILD.bazel differ
}

}  // namespace ebpf_exporter
