#include "bpf/host/symbols.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace ebpf_exporter {
namespace {

using std::chrono::steady_clock;

constexpr steady_clock::duration kFirstBackOff = std::chrono::seconds(1);
constexpr steady_clock::duration kLongestBackOff = std::chrono::minutes(5);

size_t Hash(std::string_view text) {
  return std::hash<std::string_view>()(text);
}

}  // namespace

namespace internal {

// name size references users state address
size_t HashModules(std::string_view modules) {
  constexpr size_t kMultiplier = 0x9e3779b97f4a7c15;
  size_t hash = 0;
  for (const std::string_view line : absl::StrSplit(modules, '\n')) {
    size_t field = 0;
    for (const std::string_view text : absl::StrSplit(line, ' ')) {
      const bool stable = field <= 1 || field == 5;
      if (stable) hash = (hash + Hash(text)) * kMultiplier;
      ++field;
    }
  }
  return hash;
}

}  // namespace internal

LiveSymbols::LiveSymbols(LiveSymbolsOptions options)
    : options_(std::move(options)), back_off_(kFirstBackOff) {}

bool LiveSymbols::AppendSymbol(uint64_t address, std::string& out) const {
  return AppendNear(address, 0, out).has_value();
}

std::optional<NearSymbol> LiveSymbols::AppendNear(uint64_t address,
                                                  uint64_t reach,
                                                  std::string& out) const {
  Table symbols = table();
  if (symbols == nullptr) symbols = FirstTable();
  const std::optional<NearSymbol> near =
      symbols->AppendNear(address, reach, out);
  const bool in_program =
      near && near->distance > 0 && absl::EndsWith(out, "[bpf]");
  if (!near || in_program) missed_ = true;
  return near;
}

void LiveSymbols::Prepare() {
  if (table() == nullptr) FirstTable();
}

void LiveSymbols::Refresh() {
  if (table() == nullptr) return;  // nobody has asked yet
  std::lock_guard<std::mutex> lock(read_mutex_);
  const bool moved = modules_hash_ != HashOfModules();
  const bool due = missed_ && options_.now() - read_at_ >= back_off_;
  if (!moved && !due) return;
  back_off_ = moved ? kFirstBackOff : std::min(back_off_ * 2, kLongestBackOff);
  Read();
}

std::string LiveSymbols::TakeWarning() {
  std::lock_guard<std::mutex> lock(read_mutex_);
  return std::exchange(warning_, "");
}

LiveSymbols::Table LiveSymbols::table() const {
  std::lock_guard<std::mutex> lock(table_mutex_);
  return table_;
}

LiveSymbols::Table LiveSymbols::FirstTable() const {
  std::lock_guard<std::mutex> lock(read_mutex_);
  if (table() == nullptr) Read();
  return table();
}

// The modules are looked at first: one that comes between the two is noticed
// the next time.
void LiveSymbols::Read() const {
  modules_hash_ = HashOfModules();
  read_at_ = options_.now();
  missed_ = false;
  Keep(Text(options_.kallsyms));
}

size_t LiveSymbols::HashOfModules() const {
  options_.read(options_.modules, modules_text_);
  return internal::HashModules(modules_text_);
}

std::string LiveSymbols::Text(const std::string& path) const {
  std::string text;
  options_.read(path, text);
  return text;
}

void LiveSymbols::Keep(std::string text) const {
  const Table old = table();
  const size_t hash = Hash(text);
  if (old != nullptr && hash == text_hash_) return;
  if (text.empty()) {
    Warn(absl::StrCat("kernel symbols cannot be resolved: ", options_.kallsyms,
                      " cannot be read"));
  }
  Table fresh =
      std::make_shared<const SymbolTable>(SymbolTable::Parse(std::move(text)));
  if (fresh->restricted()) Warn(Hidden(old != nullptr && old->size() > 0));
  if (old != nullptr) {
    // Privileges given up after the start do not take away what was known.
    if (fresh->size() == 0 && old->size() > 0) return;
    ++epoch_;
    back_off_ = kFirstBackOff;
  }
  text_hash_ = hash;
  std::lock_guard<std::mutex> lock(table_mutex_);
  table_ = std::move(fresh);
}

void LiveSymbols::Warn(std::string text) const {
  if (text != last_warning_) warning_ = last_warning_ = std::move(text);
}

std::string LiveSymbols::Hidden(bool known_before) const {
  if (known_before) {
    return absl::StrCat(
        "kernel symbols stay as they were read before: all addresses in ",
        options_.kallsyms,
        " are hidden by now, so that modules and programs loaded since have no "
        "names; keep cap_syslog, with --capabilities.keep");
  }
  const std::string level(
      absl::StripAsciiWhitespace(Text(options_.kptr_restrict)));
  const std::string what =
      absl::StrCat("kernel symbols cannot be resolved: all addresses in ",
                   options_.kallsyms, " are hidden; ");
  if (level == "2") {
    return what +
           "kernel.kptr_restrict is 2, which hides them from everybody: "
           "sudo sysctl kernel.kptr_restrict=1";
  }
  return what +
         "the process needs CAP_SYSLOG when it starts: sudo setcap "
         "cap_bpf,cap_perfmon,cap_syslog=ep PATH";
}

}  // namespace ebpf_exporter
