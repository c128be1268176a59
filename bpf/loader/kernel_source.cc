#include "bpf/loader/kernel_source.h"

#include <errno.h>

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "bpf/loader/errors.h"
#include "bpf/loader/handles.h"
#include "bpf/loader/libbpf.h"

namespace ebpf_exporter {
namespace {

using DumpPtr = std::unique_ptr<btf_dump, CallOnDelete<btf_dump__free>>;

// What programs get as their context, and what may lie within.
constexpr std::array<std::string_view, 2> kContexts = {"pt_regs",
                                                       "bpf_perf_event_data"};

bool IsContext(std::string_view name) {
  return std::ranges::find(kContexts, name) != kContexts.end();
}

void Append(void* context, const char* format, va_list arguments) {
  va_list again;
  va_copy(again, arguments);
  const int size = vsnprintf(nullptr, 0, format, again);
  va_end(again);
  if (size <= 0) return;
  auto& out = *static_cast<std::string*>(context);
  const size_t start = out.size();
  out.resize(start + static_cast<size_t>(size) + 1);
  vsnprintf(out.data() + start, static_cast<size_t>(size) + 1, format,
            arguments);
  out.resize(start + static_cast<size_t>(size));
}

const btf_type* Resolved(const btf& types, uint32_t& id) {
  const btf_type* type = btf__type_by_id(&types, id);
  while (btf_is_mod(type) || btf_is_typedef(type)) {
    id = type->type;
    type = btf__type_by_id(&types, id);
  }
  return type;
}

// The key by which a record is looked up again.
std::string KeyOf(const btf& types, uint32_t id) {
  const char* name =
      btf__name_by_offset(&types, btf__type_by_id(&types, id)->name_off);
  return name != nullptr && *name != '\0' ? name : absl::StrCat("#", id);
}

std::optional<RecordMember> FindMember(const btf& types, const btf_type* record,
                                       std::string_view name, int depth);

RecordMember Describe(const btf& types, uint32_t id) {
  using Kind = RecordMember::Kind;
  const btf_type* type = Resolved(types, id);
  if (btf_is_composite(type)) return {Kind::kRecord, KeyOf(types, id)};
  if (btf_is_array(type)) {
    uint32_t element = btf_array(type)->type;
    const btf_type* of = Resolved(types, element);
    while (btf_is_array(of)) {
      element = btf_array(of)->type;
      of = Resolved(types, element);
    }
    return {Kind::kArray,
            btf_is_composite(of) ? KeyOf(types, element) : std::string()};
  }
  if (btf_is_ptr(type)) {
    uint32_t target = type->type;
    const btf_type* to = Resolved(types, target);
    if (btf_is_composite(to) || btf_is_fwd(to)) {
      return {Kind::kPointer, KeyOf(types, target)};
    }
  }
  return {Kind::kValue, ""};
}

std::optional<RecordMember> FindMember(const btf& types, const btf_type* record,
                                       std::string_view name, int depth) {
  const btf_member* members = btf_members(record);
  std::optional<RecordMember> found;
  for (uint32_t i = 0; i < btf_vlen(record) && !found; ++i) {
    const std::string_view own =
        btf__name_by_offset(&types, members[i].name_off);
    if (own == name) {
      found = btf_member_bitfield_size(record, i) != 0
                  ? RecordMember{RecordMember::Kind::kBitField, ""}
                  : Describe(types, members[i].type);
      break;
    }
    if (!own.empty() || depth > 8) continue;
    uint32_t id = members[i].type;
    const btf_type* inner = Resolved(types, id);
    if (!btf_is_composite(inner)) continue;
    found = FindMember(types, inner, name, depth + 1);
  }
  if (found) found->in_union |= btf_is_union(record);
  return found;
}

const btf_type* FindRecord(const btf& types, const std::string& key) {
  uint32_t id = 0;
  std::string_view number = key;
  if (absl::ConsumePrefix(&number, "#") && absl::SimpleAtoi(number, &id)) {
    return btf__type_by_id(&types, id);
  }
  for (uint32_t kind : {BTF_KIND_STRUCT, BTF_KIND_UNION}) {
    const int found = btf__find_by_name_kind(&types, key.c_str(), kind);
    if (found > 0) return btf__type_by_id(&types, static_cast<uint32_t>(found));
  }
  return nullptr;
}

// What the names that are asked for are.
struct Wanted {
  std::vector<uint32_t> contexts;
  std::vector<uint32_t> types;
  std::map<std::string, std::string> constants;  // name to value
};

class Finder {
 public:
  Finder(const btf& types, const std::set<std::string>& tags,
         const std::set<std::string>& names)
      : types_(types), tags_(tags), names_(names) {}

  Wanted Run();
  const std::set<std::string>& found() const { return found_; }

 private:
  void Visit(uint32_t id);
  void VisitEnumerators(const btf_type* type);

  const btf& types_;
  const std::set<std::string>& tags_;
  const std::set<std::string>& names_;
  Wanted wanted_;
  std::set<std::string> found_;
};

void Finder::VisitEnumerators(const btf_type* type) {
  for (uint32_t i = 0; i < btf_vlen(type); ++i) {
    const bool wide = btf_is_enum64(type);
    const uint32_t offset =
        wide ? btf_enum64(type)[i].name_off : btf_enum(type)[i].name_off;
    const std::string name = btf__name_by_offset(&types_, offset);
    if (!names_.contains(name)) continue;
    found_.insert(name);
    const bool is_signed = btf_kflag(type);
    const uint64_t value = wide ? btf_enum64_value(&btf_enum64(type)[i])
                                : static_cast<uint64_t>(static_cast<int64_t>(
                                      btf_enum(type)[i].val));
    std::string text = is_signed || !wide
                           ? absl::StrCat(static_cast<int64_t>(value))
                           : absl::StrCat(value, "ULL");
    if (!wide && !is_signed) text = absl::StrCat(static_cast<uint32_t>(value));
    wanted_.constants.emplace(name, std::move(text));
  }
}

void Finder::Visit(uint32_t id) {
  const btf_type* type = btf__type_by_id(&types_, id);
  if (btf_is_any_enum(type)) VisitEnumerators(type);
  if (type->name_off == 0) return;
  const std::string name = btf__name_by_offset(&types_, type->name_off);
  const bool tagged = btf_is_composite(type) || btf_is_any_enum(type);
  const bool asked = tagged                 ? tags_.contains(name)
                     : btf_is_typedef(type) ? names_.contains(name)
                                            : false;
  // Of several types with one name the first is the one most code means.
  if (!asked || !found_.insert(name).second) return;
  (IsContext(name) ? wanted_.contexts : wanted_.types).push_back(id);
}

Wanted Finder::Run() {
  const uint32_t count = btf__type_cnt(&types_);
  for (uint32_t id = 1; id < count; ++id) Visit(id);
  return std::move(wanted_);
}

absl::Status Dump(btf_dump* dump, const std::vector<uint32_t>& ids) {
  for (uint32_t id : ids) {
    if (const int error = btf_dump__dump_type(dump, id); error != 0) {
      return KernelError(error, "writing a type of the kernel's as C");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<KernelSource> KernelSource::Read(const std::string& path) {
  btf* types = path.empty() ? btf__load_vmlinux_btf()
                            : btf__parse(path.c_str(), nullptr);
  if (types == nullptr) {
    return KernelError(
        errno, path.empty()
                   ? "the kernel's types cannot be read from "
                     "/sys/kernel/btf/vmlinux; give them with --btf.path"
                   : absl::StrCat("the kernel's types cannot be read from \"",
                                  path, "\""));
  }
  return KernelSource(std::shared_ptr<btf>(types, btf__free));
}

absl::StatusOr<KernelDeclarations> KernelSource::Declare(
    const std::set<std::string>& tags,
    const std::set<std::string>& names) const {
  Finder finder(*types_, tags, names);
  const Wanted wanted = finder.Run();
  std::string text;
  DumpPtr dump(btf_dump__new(types_.get(), Append, &text, nullptr));
  if (dump == nullptr) return KernelError(errno, "reading the kernel's types");
  KernelDeclarations out;
  absl::Status status = Dump(dump.get(), wanted.contexts);
  out.contexts = std::exchange(text, "");
  status.Update(Dump(dump.get(), wanted.types));
  if (!status.ok()) return status;
  out.types = std::move(text);
  for (const auto& [name, value] : wanted.constants) {
    // An enum that is there as a whole has it.
    const std::string member = absl::StrCat("\t", name, " = ");
    if (out.types.find(member) != std::string::npos ||
        out.contexts.find(member) != std::string::npos) {
      continue;
    }
    absl::StrAppend(&out.types, "enum { ", name, " = ", value, " };\n");
  }
  std::ranges::set_difference(names, finder.found(),
                              std::inserter(out.unknown, out.unknown.end()));
  return out;
}

const absl::StatusOr<Btf>& KernelSource::ForPrototypes() const {
  std::optional<absl::StatusOr<Btf>>& types = prototypes_->types;
  if (!types) {
    uint32_t size = 0;
    const void* bytes = btf__raw_data(types_.get(), &size);
    types =
        bytes == nullptr
            ? absl::StatusOr<Btf>(KernelError(ENOMEM, "reading types"))
            : Btf::Parse(std::string(static_cast<const char*>(bytes), size));
  }
  return *types;
}

absl::StatusOr<Prototype> KernelSource::TracepointArguments(
    std::string_view name) const {
  const absl::StatusOr<Btf>& types = ForPrototypes();
  if (!types.ok()) return types.status();
  return TracepointPrototype(*types, name);
}

absl::StatusOr<Prototype> KernelSource::FunctionArguments(std::string_view name,
                                                          bool returns) const {
  const absl::StatusOr<Btf>& types = ForPrototypes();
  if (!types.ok()) return types.status();
  return FunctionPrototype(*types, name, returns);
}

RecordAnswer KernelSource::Member(const std::string& record,
                                  std::string_view member) const {
  const btf_type* type = FindRecord(*types_, record);
  if (type == nullptr || !btf_is_composite(type)) return {};
  return {true, FindMember(*types_, type, member, 0)};
}

}  // namespace ebpf_exporter
