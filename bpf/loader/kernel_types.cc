#include "bpf/loader/kernel_types.h"

#include <linux/btf.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "bpf/host/read_file.h"

namespace ebpf_exporter {
namespace {

struct Sections {
  btf_header header = {};
  std::string_view types;
  std::string_view strings;
};

std::optional<Sections> SectionsOf(std::string_view bytes) {
  Sections out;
  if (bytes.size() < sizeof(out.header)) return std::nullopt;
  std::memcpy(&out.header, bytes.data(), sizeof(out.header));
  const uint64_t end = bytes.size();
  const uint64_t types = uint64_t{out.header.hdr_len} + out.header.type_off;
  const uint64_t strings = uint64_t{out.header.hdr_len} + out.header.str_off;
  if (types > end || out.header.type_len > end - types || strings > end ||
      out.header.str_len > end - strings) {
    return std::nullopt;
  }
  out.types = bytes.substr(types, out.header.type_len);
  out.strings = bytes.substr(strings, out.header.str_len);
  return out;
}

}  // namespace

namespace internal {

std::string JoinBtf(std::string_view base, std::string_view split) {
  const std::optional<Sections> below = SectionsOf(base);
  const std::optional<Sections> above = SectionsOf(split);
  if (!below.has_value() || !above.has_value()) return "";
  btf_header header = below->header;
  header.hdr_len = sizeof(header);
  header.type_off = 0;
  header.type_len =
      static_cast<uint32_t>(below->types.size() + above->types.size());
  header.str_off = header.type_len;
  header.str_len =
      static_cast<uint32_t>(below->strings.size() + above->strings.size());
  return absl::StrCat(
      std::string_view(reinterpret_cast<const char*>(&header), sizeof(header)),
      below->types, above->types, below->strings, above->strings);
}

}  // namespace internal

KernelTypes::KernelTypes(std::string path) : path_(std::move(path)) {}

absl::Status KernelTypes::status() {
  if (!read_) Read();
  return status_;
}

void KernelTypes::Read() {
  read_ = true;
  bytes_ = ReadFile(path_);
  if (bytes_.empty()) {
    status_ = absl::NotFoundError(absl::StrCat(
        "this kernel does not describe its types: ", path_,
        " cannot be read; it needs CONFIG_DEBUG_INFO_BTF, and /sys mounted"));
    return;
  }
  absl::StatusOr<Btf> parsed = Btf::Parse(bytes_);
  if (parsed.ok()) {
    vmlinux_ = *std::move(parsed);
  } else {
    status_ = absl::NotFoundError(
        absl::StrCat(path_, ": ", parsed.status().message()));
  }
}

absl::StatusOr<const Btf*> KernelTypes::TypesWith(BtfKind kind,
                                                  const std::string& name) {
  if (!status().ok()) return status_;
  if (vmlinux_->Find(kind, name) != 0) return &*vmlinux_;
  if (ReadModuleWith(kind, name)) return &*module_;
  return absl::NotFoundError(
      absl::StrCat("neither this kernel nor a loaded module has ", name));
}

bool KernelTypes::ReadModuleWith(BtfKind kind, const std::string& name) {
  const std::filesystem::path vmlinux(path_);
  const std::string wanted = name + '\0';
  std::error_code error;
  for (const auto& entry :
       std::filesystem::directory_iterator(vmlinux.parent_path(), error)) {
    if (entry.path() == vmlinux) continue;
    const std::string split = ReadFile(entry.path());
    if (!absl::StrContains(split, wanted)) continue;  // spares most a parse
    absl::StatusOr<Btf> joined = Btf::Parse(internal::JoinBtf(bytes_, split));
    if (!joined.ok() || joined->Find(kind, name) == 0) continue;
    module_ = *std::move(joined);
    return true;
  }
  return false;
}

}  // namespace ebpf_exporter
