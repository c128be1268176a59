#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "cmd/tabledump/choice.h"
#include "cmd/tabledump/commands.h"
#include "cmd/tabledump/decoded.h"
#include "cmd/tabledump/dump_input.h"
#include "cmd/tabledump/exit_code.h"
#include "cmd/tabledump/files.h"
#include "cmd/tabledump/say.h"
#include "cmd/tabledump/style.h"
#include "cmd/tabledump/text_sink.h"
#include "cmd/tabledump/walk_dump.h"
#include "cmd/tabledump/write_entries.h"
#include "cmd/tabledump/write_series.h"
#include "cmd/tabledump/write_table.h"

namespace ebpf_exporter {
namespace {

// One run of `decode`.
class Decoding {
 public:
  explicit Decoding(const DecodeFlags& flags)
      : flags_(flags), output_(Output::Stdout()), safe_(output_.get()) {}

  absl::StatusOr<int> Run();

 private:
  bool IsStreaming() const {
    return flags_.format == DecodeFormat::kNdjson ||
           flags_.format == DecodeFormat::kCsv;
  }
  // Tables are safe in themselves, and coloured.
  TextSink* Sink() {
    const bool raw =
        !output_->is_terminal() || flags_.format == DecodeFormat::kTable;
    return raw ? static_cast<TextSink*>(output_.get()) : &safe_;
  }
  absl::Status Stream(DumpReader& reader, const WalkOptions& options);
  absl::Status Merge(DumpReader& reader, const WalkOptions& options);
  void Write(const Decoded& decoded);
  absl::Status Finish();
  int Conclude(const DumpReader& reader) const;

  const DecodeFlags& flags_;
  const std::unique_ptr<Output> output_;
  SafeSink safe_;
  WalkResult walk_;
  Undecoded undecoded_;
};

absl::StatusOr<int> Decoding::Run() {
  const absl::StatusOr<Chosen> chosen =
      ChooseMetrics(flags_.choice, flags_.dump);
  if (!chosen.ok()) return chosen.status();
  const absl::StatusOr<std::unique_ptr<DumpReader>> reader =
      OpenDumpInput(flags_.dump, chosen->shapes, chosen->OnlyTable());
  if (!reader.ok()) return reader.status();
  const WalkOptions options = chosen->Walk(flags_.dump);
  const absl::Status walked =
      IsStreaming() ? Stream(**reader, options) : Merge(**reader, options);
  SayNotes(**reader);
  if (!walked.ok()) {
    return absl::Status(walked.code(), absl::StrCat("\"", flags_.dump.path,
                                                    "\": ", walked.message()));
  }
  if (absl::Status status = Finish(); !status.ok()) return status;
  return Conclude(**reader);
}

absl::Status Decoding::Stream(DumpReader& reader, const WalkOptions& options) {
  EntryWriter writer(flags_.format == DecodeFormat::kCsv ? EntryFormat::kCsv
                                                         : EntryFormat::kNdjson,
                     options.wanted, Sink());
  absl::StatusOr<WalkResult> walk = WalkDump(
      reader, options,
      [&writer](MetricPlan plan) { return writer.Taker(std::move(plan)); });
  writer.Finish();  // also what precedes damage
  if (!walk.ok()) return walk.status();
  walk_ = *std::move(walk);
  undecoded_ = writer.undecoded();
  return absl::OkStatus();
}

absl::Status Decoding::Merge(DumpReader& reader, const WalkOptions& options) {
  const absl::StatusOr<std::unique_ptr<Decoded>> decoded =
      Decoded::From(reader, options);
  if (!decoded.ok()) return decoded.status();
  walk_ = (*decoded)->walk();
  undecoded_ = (*decoded)->undecoded();
  if (!HasError(walk_.findings)) Write(**decoded);
  return absl::OkStatus();
}

void Decoding::Write(const Decoded& decoded) {
  switch (flags_.format) {
    case DecodeFormat::kProm:
      return WriteProm(decoded.families(), Sink());
    case DecodeFormat::kJson:
      return WriteJson(decoded.families(), Sink());
    default:
      return WriteTable(
          decoded.families(),
          Style::For(output_->is_terminal(), std::getenv("NO_COLOR"),
                     std::getenv("TERM")),
          Sink());
  }
}

absl::Status Decoding::Finish() {
  Sink()->Finish();
  return output_->Close();
}

int Decoding::Conclude(const DumpReader& reader) const {
  SayFindings(walk_.findings);
  for (const std::string& note : walk_.notes) SayNote(note);
  const char* const what = IsStreaming() ? "entries" : "keys";
  for (const auto& [reason, count] : undecoded_.errors) {
    SayNote(absl::StrCat(what, " that could not be decoded (", reason,
                         "): ", count));
  }
  if (undecoded_.skipped > 0) {
    SayNote(absl::StrCat(
        what, " skipped, no regexp of a label matched: ", undecoded_.skipped));
  }
  if (HasError(walk_.findings)) return kUnreadable;
  const bool whole = undecoded_.errors.empty() &&
                     reader.notes().error_entries == 0 &&
                     reader.notes().damage.empty();
  return flags_.strict && !whole ? kUndecodable : kFine;
}

}  // namespace

int Decode(const DecodeFlags& flags) {
  const absl::StatusOr<int> code = Decoding(flags).Run();
  if (code.ok()) return *code;
  SayError(code.status());
  return kUnreadable;
}

}  // namespace ebpf_exporter
