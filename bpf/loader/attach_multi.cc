#include "bpf/loader/attach_multi.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "bpf/host/read_file.h"
#include "bpf/loader/elf_functions.h"
#include "bpf/loader/errors.h"
#include "bpf/loader/file_descriptor.h"
#include "bpf/loader/glob.h"
#include "bpf/loader/libbpf.h"

namespace ebpf_exporter {
namespace {

// Beyond that, single probes take minutes to attach and to detach.
constexpr size_t kMostSingleProbes = 1000;

// The functions that ftrace lets probe, which are those that a probe of many
// accepts: one wrong name fails them all.
std::string ProbeableFunctions() {
  for (const char* directory :
       {"/sys/kernel/tracing", "/sys/kernel/debug/tracing"}) {
    std::string list =
        ReadFile(absl::StrCat(directory, "/available_filter_functions"));
    if (!list.empty()) return list;
  }
  return "";
}

std::vector<std::string> MatchingKernelFunctions(const std::string& pattern) {
  if (!HasWildcard(pattern)) return {pattern};
  std::vector<std::string> names;
  const std::string list = ProbeableFunctions();
  for (std::string_view line : absl::StrSplit(list, '\n')) {
    const std::string_view name = line.substr(0, line.find_first_of(" \t"));
    if (!name.empty() && MatchesGlob(pattern, name)) names.emplace_back(name);
  }
  return names;
}

MultiLinks TooMany(size_t count) {
  return {{},
          E2BIG,
          absl::StrCat("the pattern matches ", count,
                       " functions and each needs a probe of its own here, of "
                       "which at most ",
                       kMostSingleProbes, " are attached; narrow it")};
}

MultiLinks LinkEach(
    const std::vector<std::string>& names,
    absl::FunctionRef<LinkPtr(const std::string& name)> attach) {
  MultiLinks out;
  std::string_view last;
  for (const std::string& name : names) {
    LinkPtr link = attach(name);
    if (link == nullptr) {
      out.error = errno;
      last = name;
    } else {
      out.links.push_back(std::move(link));
    }
  }
  const size_t failed = names.size() - out.links.size();
  if (failed > 0 && !out.links.empty()) {
    out.why = absl::StrCat(failed, " of ", names.size(),
                           " functions are not probed, the last of them ", last,
                           ": ", ErrorText(out.error));
  }
  return out;
}

MultiLinks AttachEach(const bpf_program* program,
                      const std::vector<std::string>& names, bool on_return) {
  if (names.size() > kMostSingleProbes) return TooMany(names.size());
  return LinkEach(names, [&](const std::string& name) {
    return LinkPtr(
        bpf_program__attach_kprobe(program, on_return, name.c_str()));
  });
}

// Where the dynamic linker and the shell look, as libbpf does.
std::string FindBinary(const std::string& name) {
  if (absl::StrContains(name, '/')) return name;
  const auto list_of = [](const char* variable) {
    const char* value = std::getenv(variable);
    return std::string(value == nullptr ? "" : value);
  };
  const std::string directories =
      absl::StrContains(name, ".so")
          ? absl::StrCat(list_of("LD_LIBRARY_PATH"),
                         ":/usr/lib64:/usr/lib:/usr/lib/x86_64-linux-gnu:/lib/"
                         "x86_64-linux-gnu:/usr/lib/aarch64-linux-gnu")
          : absl::StrCat(list_of("PATH"), ":/usr/bin:/usr/sbin");
  for (std::string_view directory : absl::StrSplit(directories, ':')) {
    std::string path = absl::StrCat(directory, "/", name);
    if (!directory.empty() && access(path.c_str(), R_OK) == 0) return path;
  }
  return name;
}

std::vector<std::string> MatchingFunctions(const std::string& path,
                                           const std::string& pattern) {
  if (!HasWildcard(pattern)) return {pattern};
  std::vector<std::string> names;
  for (const std::string& name : ElfFunctions(ReadFile(path))) {
    if (MatchesGlob(pattern, name)) names.push_back(name);
  }
  return names;
}

// What the kernel says to a probe of many functions none of which is there:
// ESRCH where it looks for them.
int TryKprobeMulti() {
  std::array<bpf_insn, 2> nothing = {};
  nothing[0].code = BPF_ALU64 | BPF_MOV | BPF_K;  // r0 = 0
  nothing[1].code = BPF_JMP | BPF_EXIT;
  bpf_prog_load_opts how = {};
  how.sz = sizeof(how);
  how.expected_attach_type = BPF_TRACE_KPROBE_MULTI;
  const FileDescriptor program(bpf_prog_load(BPF_PROG_TYPE_KPROBE, "try_multi",
                                             "GPL", nothing.data(),
                                             nothing.size(), &how));
  if (!program.valid()) return errno;
  const char* nowhere = "no_function_is_called_like_this";
  bpf_link_create_opts where = {};
  where.sz = sizeof(where);
  where.kprobe_multi.syms = &nowhere;
  where.kprobe_multi.cnt = 1;
  const FileDescriptor link(bpf_link_create(program.get(), /*target_fd=*/0,
                                            BPF_TRACE_KPROBE_MULTI, &where));
  return link.valid() ? 0 : errno;
}

}  // namespace

bool KernelHasKprobeMulti() {
  static const bool has = TryKprobeMulti() == ESRCH;
  return has;
}

MultiLinks AttachKprobeMulti(const bpf_program* program,
                             const std::string& pattern, bool on_return) {
  const std::vector<std::string> names = MatchingKernelFunctions(pattern);
  if (names.empty()) {
    return {{},
            ENOENT,
            absl::StrCat("no function in available_filter_functions of tracefs "
                         "matches \"",
                         pattern, "\"")};
  }
  if (bpf_program__expected_attach_type(program) != BPF_TRACE_KPROBE_MULTI) {
    return AttachEach(program, names, on_return);
  }
  std::vector<const char*> symbols;
  symbols.reserve(names.size());
  for (const std::string& name : names) symbols.push_back(name.c_str());
  bpf_kprobe_multi_opts options = {};
  options.sz = sizeof(options);
  options.syms = symbols.data();
  options.cnt = symbols.size();
  options.retprobe = on_return;
  LinkPtr link(
      bpf_program__attach_kprobe_multi_opts(program, nullptr, &options));
  if (link == nullptr) return {{}, errno, ""};
  MultiLinks out;
  out.links.push_back(std::move(link));
  return out;
}

MultiLinks AttachUprobeMulti(const bpf_program* program,
                             std::string_view target, bool on_return) {
  const size_t colon = target.rfind(':');
  if (colon == std::string_view::npos || colon + 1 == target.size()) {
    return {{}, EINVAL, "the section is not of the form PATH:PATTERN"};
  }
  const std::string path = FindBinary(std::string(target.substr(0, colon)));
  const std::string pattern(target.substr(colon + 1));
  const std::vector<std::string> names = MatchingFunctions(path, pattern);
  if (names.empty()) {
    return {{},
            ENOENT,
            absl::StrCat("no function of ", path, " matches \"", pattern,
                         "\"; stripped binaries list none")};
  }
  if (names.size() > kMostSingleProbes) return TooMany(names.size());
  return LinkEach(names, [&](const std::string& name) {
    bpf_uprobe_opts options = {};
    options.sz = sizeof(options);
    options.retprobe = on_return;
    options.func_name = name.c_str();
    return LinkPtr(bpf_program__attach_uprobe_opts(program, /*pid=*/-1,
                                                   path.c_str(), 0, &options));
  });
}

}  // namespace ebpf_exporter
