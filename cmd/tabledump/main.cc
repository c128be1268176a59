// tabledump: decodes dumps of BPF maps with the exporter's configuration.
//
//   flags ─▶ decode | layout | explain | check | diff | capture ─▶ exit code

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <span>
#include <string>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "cmd/exporter/paths.h"
#include "cmd/tabledump/commands.h"
#include "cmd/tabledump/exit_code.h"
#include "cmd/tabledump/flags.h"
#include "cmd/tabledump/say.h"

namespace ebpf_exporter {
namespace {

int Print(const PrintFlags& flags) {
  std::fputs(flags.text.c_str(), stdout);
  return kFine;
}

struct Runner {
  int operator()(const PrintFlags& flags) const { return Print(flags); }
  int operator()(const CaptureFlags& flags) const { return Capture(flags); }
  int operator()(const DecodeFlags& flags) const { return Decode(flags); }
  int operator()(const LayoutFlags& flags) const { return Layout(flags); }
  int operator()(const ExplainFlags& flags) const { return Explain(flags); }
  int operator()(const CheckFlags& flags) const { return Check(flags); }
  int operator()(const DiffFlags& flags) const { return Diff(flags); }
};

// Goes where the user stands, so that all paths are relative to that, also
// under `bazel run`, which starts programs elsewhere.
absl::Status GoToUser() {
  const std::string directory = UserDirectory();
  if (directory.empty() || chdir(directory.c_str()) == 0) {
    return absl::OkStatus();
  }
  return absl::ErrnoToStatus(errno,
                             absl::StrCat("cannot go to \"", directory, "\""));
}

int Main(int argc, char** argv) {
  // A reader that goes away ends the writing, not the process.
  std::signal(SIGPIPE, SIG_IGN);
  const absl::Status there = GoToUser();
  if (!there.ok()) {
    SayError(there);
    return kUsage;
  }
  const absl::StatusOr<Flags> flags =
      ParseFlags({argv + 1, argv + (argc > 0 ? argc : 1)});
  if (!flags.ok()) {
    SayError(flags.status());
    return kUsage;
  }
  return std::visit(Runner(), *flags);
}

}  // namespace
}  // namespace ebpf_exporter

int main(int argc, char** argv) { return ebpf_exporter::Main(argc, argv); }
