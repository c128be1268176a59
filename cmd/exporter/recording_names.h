// Resolvers that can be told to remember what they answered, so that a capture
// holds the names that its entries use and no others.
//
//   NameRecording recording;             // in the thread that renders
//   table.renderer().Render(key, text);
//   recording.WriteTo(writer);

#ifndef EBPF_EXPORTER_CMD_EXPORTER_RECORDING_NAMES_H_
#define EBPF_EXPORTER_CMD_EXPORTER_RECORDING_NAMES_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/dump/dump_reader.h"
#include "core/resolve/names.h"
#include "core/resolve/symbols.h"

namespace ebpf_exporter {

// What all recording resolvers answer in this thread while it lives. One at a
// time in a thread.
class NameRecording {
 public:
  NameRecording() { current_ = this; }
  ~NameRecording() { current_ = nullptr; }
  NameRecording(const NameRecording&) = delete;
  NameRecording& operator=(const NameRecording&) = delete;

  // Adds to a CaptureWriter what was found since the last call, each name once
  // in all; of a source that was asked in vain, that nothing was found.
  template <typename Writer>
  void WriteTo(Writer& writer);

 private:
  friend class RecordingSymbols;
  friend class RecordingNames;

  // What was noted of one kind of name.
  template <typename Found>
  struct Notes {
    Found found;                         // since the last WriteTo()
    std::unordered_set<uint64_t> known;  // in all
    bool asked = false;
    bool written = false;

    // Whether there is something to write, and from now on there is not.
    bool Take() {
      if (!asked || (found.empty() && written)) return false;
      written = true;
      return true;
    }
  };

  static NameRecording* current() { return current_; }

  Notes<NumberedNames>& names(NameKind kind) {
    return names_[static_cast<size_t>(kind)];
  }

  static inline thread_local NameRecording* current_ = nullptr;

  Notes<std::string> symbols_;  // lines of /proc/kallsyms
  std::array<Notes<NumberedNames>, kNameKinds> names_;
};

class RecordingSymbols final : public SymbolResolver {
 public:
  // `symbols` outlives this.
  explicit RecordingSymbols(const SymbolResolver* symbols)
      : symbols_(symbols) {}

  bool AppendSymbol(uint64_t address, std::string& out) const override {
    return AppendNear(address, 0, out).has_value();
  }
  std::optional<NearSymbol> AppendNear(uint64_t address, uint64_t reach,
                                       std::string& out) const override;
  uint64_t epoch() const override { return symbols_->epoch(); }

 private:
  const SymbolResolver* const symbols_;
};

class RecordingNames final : public NameResolver {
 public:
  // `names` outlives this.
  RecordingNames(NameKind kind, const NameResolver* names)
      : kind_(kind), names_(names) {}

  bool AppendName(uint64_t id, std::string& out) const override;
  uint64_t epoch() const override { return names_->epoch(); }
  bool available() const override;

 private:
  const NameKind kind_;
  const NameResolver* const names_;
};

// Implementation below.

template <typename Writer>
void NameRecording::WriteTo(Writer& writer) {
  if (symbols_.Take()) writer.AddSymbols(std::exchange(symbols_.found, {}));
  for (size_t kind = 0; kind < kNameKinds; ++kind) {
    if (!names_[kind].Take()) continue;
    writer.AddNames(static_cast<NameKind>(kind),
                    std::exchange(names_[kind].found, {}));
  }
}

inline std::optional<NearSymbol> RecordingSymbols::AppendNear(
    uint64_t address, uint64_t reach, std::string& out) const {
  const size_t begin = out.size();
  const std::optional<NearSymbol> near =
      symbols_->AppendNear(address, reach, out);
  NameRecording* const recording = NameRecording::current();
  if (recording == nullptr) return near;
  recording->symbols_.asked = true;
  if (!near) return near;
  const uint64_t start = address - near->distance;
  if (recording->symbols_.known.insert(start).second) {
    absl::StrAppend(&recording->symbols_.found,
                    absl::Hex(start, absl::kZeroPad16),
                    near->is_function ? " t " : " d ",
                    std::string_view{out}.substr(begin), "\n");
  }
  return near;
}

inline bool RecordingNames::AppendName(uint64_t id, std::string& out) const {
  const size_t begin = out.size();
  const bool found = names_->AppendName(id, out);
  NameRecording* const recording = NameRecording::current();
  if (recording == nullptr) return found;
  auto& notes = recording->names(kind_);
  notes.asked = true;
  if (found && notes.known.insert(id).second) {
    notes.found.push_back({id, out.substr(begin)});
  }
  return found;
}

inline bool RecordingNames::available() const {
  const bool available = names_->available();
  NameRecording* const recording = NameRecording::current();
  if (available && recording != nullptr) {
    recording->names(kind_).asked = true;
  }
  return available;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_RECORDING_NAMES_H_
