#include "cmd/overhead-bench/output.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iostream>

#include "absl/status/statusor.h"
#include "bpf/loader/file_descriptor.h"
#include "cmd/overhead-bench/budget.h"
#include "cmd/overhead-bench/writers.h"

namespace ebpf_exporter {
namespace {

std::string Formatted(const Report& report, const std::string& format) {
  if (format == "json") return WriteJson(report);
  if (format == "csv") return WriteCsv(report);
  if (format == "markdown") return WriteMarkdown(report);
  if (format == "prom") return WriteProm(report);
  return WriteTable(report);
}

bool CannotWrite(const std::string& path) {
  std::cerr << "cannot write " << path << ": " << std::strerror(errno)
            << std::endl;
  return false;
}

// Leaves no trace of having asked.
bool CanWrite(const std::string& path) {
  const bool existed = access(path.c_str(), F_OK) == 0;
  const FileDescriptor file(
      open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
  if (!file.valid()) return CannotWrite(path);
  if (!existed) unlink(path.c_str());
  return true;
}

bool WriteFile(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  return file ? true : CannotWrite(path);
}

// Something was to be measured, and nothing could be.
bool IsFailure(const Report& report) {
  return !report.interrupted && !report.rows.empty() &&
         std::ranges::none_of(report.rows, [](const Row& row) {
           return row.unavailable.empty();
         });
}

int JudgeBudget(const Report& report, const std::string& text) {
  if (text.empty()) return 0;
  const absl::StatusOr<Budget> budget = ParseBudget(text);
  const BudgetOutcome outcome = Judge(*budget, report);
  for (const std::string& line : outcome.lines) std::cerr << line << std::endl;
  switch (outcome.verdict) {
    case BudgetVerdict::kKept:
      std::cerr << "within the budget" << std::endl;
      return 0;
    case BudgetVerdict::kBroken:
      return kExitBudgetBroken;
    case BudgetVerdict::kOpen:
      std::cerr
          << "whether the budget is kept cannot be told; take more rounds "
             "or a quieter host"
          << std::endl;
      return kExitBudgetOpen;
  }
  return kExitError;
}

}  // namespace

bool CheckOutput(const OutputFlags& flags,
                 std::span<const std::string_view> parts) {
  if (!flags.svg.empty() && !CanWrite(flags.svg)) return false;
  if (flags.budget.empty()) return true;
  const absl::StatusOr<Budget> budget = ParseBudget(flags.budget);
  const absl::Status known =
      budget.ok() ? CheckMeasures(*budget, parts) : budget.status();
  if (!known.ok()) std::cerr << known.message() << std::endl;
  return known.ok();
}

int PrintReport(const Report& report, const OutputFlags& flags) {
  // These have no head, and their readers skip no lines.
  if (flags.format == "csv" || flags.format == "prom") {
    std::cerr << WriteHead(report) << std::flush;
  }
  std::cout << Formatted(report, flags.format) << std::flush;
  if (!std::cout) return PrintError("cannot write to standard output");
  if (!flags.svg.empty() && !WriteFile(flags.svg, WriteSvg(report))) {
    return kExitError;
  }
  const int judged = JudgeBudget(report, flags.budget);
  return judged == 0 && IsFailure(report) ? kExitError : judged;
}

int PrintError(const std::string& what) {
  std::cerr << what << std::endl;
  return kExitError;
}

}  // namespace ebpf_exporter
