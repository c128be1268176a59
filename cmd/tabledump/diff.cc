#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "cmd/tabledump/choice.h"
#include "cmd/tabledump/commands.h"
#include "cmd/tabledump/compare.h"
#include "cmd/tabledump/decoded.h"
#include "cmd/tabledump/dump_input.h"
#include "cmd/tabledump/exit_code.h"
#include "cmd/tabledump/files.h"
#include "cmd/tabledump/say.h"
#include "cmd/tabledump/style.h"

namespace ebpf_exporter {
namespace {

struct Side {
  std::unique_ptr<Decoded> decoded;
  std::optional<uint64_t> time_nanoseconds;
};

absl::StatusOr<Side> Read(const DumpFlags& flags, const Chosen& chosen) {
  const absl::StatusOr<std::unique_ptr<DumpReader>> reader =
      OpenDumpInput(flags, chosen.shapes, chosen.OnlyTable());
  if (!reader.ok()) return reader.status();
  absl::StatusOr<std::unique_ptr<Decoded>> decoded =
      Decoded::From(**reader, chosen.Walk(flags), Decoded::Keys::kKept);
  SayNotes(**reader);
  if (!decoded.ok()) {
    return absl::Status(
        decoded.status().code(),
        absl::StrCat("\"", flags.path, "\": ", decoded.status().message()));
  }
  const WalkResult& walk = (*decoded)->walk();
  SayFindings(walk.findings);
  for (const std::string& note : walk.notes) SayNote(note);
  if (HasError(walk.findings)) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", flags.path, "\" does not fit the configuration"));
  }
  Side side{.decoded = *std::move(decoded), .time_nanoseconds = {}};
  const DumpOrigin* origin = (*reader)->origin();
  if (origin != nullptr) side.time_nanoseconds = origin->time_nanoseconds;
  return side;
}

absl::StatusOr<std::optional<double>> Seconds(const DiffFlags& flags,
                                              const Side& before,
                                              const Side& after) {
  if (!flags.rate) return std::nullopt;
  constexpr double kSecond = 1e9;
  if (flags.interval_nanoseconds > 0) {
    return static_cast<double>(flags.interval_nanoseconds) / kSecond;
  }
  if (!before.time_nanoseconds || !after.time_nanoseconds) {
    return absl::InvalidArgumentError(
        "--rate: a dump does not say when it was taken; give --interval");
  }
  if (*after.time_nanoseconds <= *before.time_nanoseconds) {
    return absl::InvalidArgumentError(
        "--rate: the second dump is not later than the first; turn them round");
  }
  const uint64_t between = *after.time_nanoseconds - *before.time_nanoseconds;
  return static_cast<double>(between) / kSecond;
}

absl::Status Show(const DiffFlags& flags) {
  const absl::StatusOr<Chosen> chosen =
      ChooseMetrics(flags.choice, flags.after);
  if (!chosen.ok()) return chosen.status();
  const absl::StatusOr<Side> before = Read(flags.before, *chosen);
  if (!before.ok()) return before.status();
  const absl::StatusOr<Side> after = Read(flags.after, *chosen);
  if (!after.ok()) return after.status();
  const absl::StatusOr<std::optional<double>> seconds =
      Seconds(flags, *before, *after);
  if (!seconds.ok()) return seconds.status();
  const std::unique_ptr<Output> output = Output::Stdout();
  WriteComparison(*before->decoded, *after->decoded, *seconds,
                  Style::For(output->is_terminal(), std::getenv("NO_COLOR"),
                             std::getenv("TERM")),
                  output.get());
  return output->Close();
}

}  // namespace

int Diff(const DiffFlags& flags) {
  const absl::Status status = Show(flags);
  if (status.ok()) return kFine;
  SayError(status);
  return kUnreadable;
}

}  // namespace ebpf_exporter
