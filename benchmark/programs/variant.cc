#include "benchmark/programs/variant.h"

#include <cstdlib>

#include "benchmark/programs/measured_programs.h"
#include "cmd/overhead-bench/object_hash.h"

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

struct NamedKind {
  std::string_view name;
  bool in_all_maps;  // or in a hash alone
};

constexpr NamedKind kKinds[] = {{"tracepoint", true}, {"raw_tp", true},
                                {"tp_btf", true},     {"fentry", true},
                                {"fexit", false},     {"kprobe", true},
                                {"kretprobe", false}, {"uprobe", false},
                                {"uretprobe", false}, {"perf_event", false}};

constexpr NamedForm kForms[] = {{Form::kCounter, "counter"},
                                {Form::kEntries, "entries"},
                                {Form::kValue, "value"}};

constexpr NamedMap kMaps[] = {{MapType::kHash, "hash"},
                              {MapType::kPerCpuHash, "percpu_hash"},
                              {MapType::kLruHash, "lru_hash"},
                              {MapType::kLruPerCpuHash, "lru_percpu_hash"},
                              {MapType::kArray, "array"},
                              {MapType::kPerCpuArray, "percpu_array"}};

constexpr std::string_view kCodes[] = {"plain", "helper"};

// Histograms are measured in some of the maps only.
bool Has(Form form, MapType map) {
  return form == Form::kCounter || map == MapType::kHash ||
         map == MapType::kPerCpuHash || map == MapType::kPerCpuArray;
}

bool IsChoice(const NamedKind& kind, MapType map) {
  return map == MapType::kHash ||
         (kind.in_all_maps && map != MapType::kLruPerCpuHash);
}

Variant Mapless(std::string_view kind, Form form, std::string_view program) {
  return {kind, form, program, "", MapType::kUnspecified, ""};
}

// Counting by process, in the maps of _PLAIN in objects.bzl.
void AppendPlainAndHelper(std::string_view kind, std::vector<Variant>& all) {
  for (const NamedMap& map : kMaps) {
    if (map.type != MapType::kHash && map.type != MapType::kPerCpuHash &&
        map.type != MapType::kArray) {
      continue;
    }
    for (const std::string_view code : kCodes) {
      all.push_back({kind, Form::kCounter, "simple", map.name, map.type, code});
    }
  }
  for (const std::string_view code : kCodes) {
    all.push_back(
        {kind, Form::kComplex, "complex", "hash", MapType::kHash, code});
  }
}

}  // namespace

std::string Variant::Name() const {
  std::string name(kind);
  name.append("_").append(program);
  if (!code.empty()) name.append("_").append(code).append("_").append(map);
  return name;
}

std::vector<std::string_view> ProbeKinds() {
  std::vector<std::string_view> names;
  for (const NamedKind& kind : kKinds) names.push_back(kind.name);
  return names;
}

Operation Variant::operation() const {
  return kind == "perf_event" ? Operation::kPageFault : Operation::kSystemCall;
}

Variant EmptyVariant(std::string_view kind) {
  return Mapless(kind, Form::kEmpty, "empty");
}

Variant NothingVariant() {
  return Mapless("raw_tp", Form::kNothing, "nothing");
}

Variant LoopVariant() { return Mapless("raw_tp", Form::kLoop, "loop"); }

std::vector<Variant> CodeVariants() {
  std::vector<Variant> all;
  for (const std::string_view kind : {"tp_btf", "raw_tp", "tracepoint"}) {
    all.push_back(EmptyVariant(kind));
    AppendPlainAndHelper(kind, all);
  }
  for (const NamedForm& form : kForms) {
    for (const NamedMap& map : kMaps) {
      if (!Has(form.form, map.type)) continue;
      for (const std::string_view code : kCodes) {
        all.push_back(
            {"tp_btf", form.form, form.name, map.name, map.type, code});
      }
    }
  }
  return all;
}

std::vector<Variant> ProbeVariants() {
  std::vector<Variant> all = {Mapless("none", Form::kNone, "none")};
  for (const NamedKind& kind : kKinds) {
    all.push_back(EmptyVariant(kind.name));
    for (const NamedMap& map : kMaps) {
      if (!IsChoice(kind, map.type)) continue;
      all.push_back(
          {kind.name, Form::kCounter, "simple", map.name, map.type, "helper"});
    }
    all.push_back({kind.name, Form::kComplex, "complex", "hash", MapType::kHash,
                   "helper"});
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

std::string HashOfObjects() {
  ObjectHash hash;
  for (const EmbeddedFile& file : MeasuredPrograms()) hash.Add(file.bytes);
  return hash.Text();
}

}  // namespace ebpf_exporter
