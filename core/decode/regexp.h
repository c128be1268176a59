// RegexpDecoder: keeps only the entries whose text a pattern matches.
//
// Patterns are RE2's and match anywhere in the text unless they are anchored.
// They are tried in order, and text that none of them matches skips the entry.
// What is kept depends on the generation of the configuration, see RegexpMode.
//
// Matching takes time linear in the text, and patterns that need more than 1
// MiB are refused. Bytes that are not UTF-8 match as U+FFFD, each on its own,
// and are kept as they came.

#ifndef EBPF_EXPORTER_CORE_DECODE_REGEXP_H_
#define EBPF_EXPORTER_CORE_DECODE_REGEXP_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/decode/decoder.h"
#include "core/decode/utf8.h"
#include "re2/re2.h"

namespace ebpf_exporter {

enum class RegexpMode {
  kKeepInput,  // 1.x: all of the text
  kKeepMatch,  // 2.x: the match, or the pattern's group if it has one; a
               // pattern with several groups never matches
};

class RegexpDecoder {
 public:
  static constexpr std::string_view kName = "regexp";
  static constexpr size_t kMaxPatternLength = 16384;
  static constexpr int64_t kMaxMemory = 1 << 20;  // bytes, for each pattern

  // Refuses a bad pattern, with RE2's explanation. No patterns skip everything.
  static absl::StatusOr<RegexpDecoder> Make(
      const std::vector<std::string>& patterns, RegexpMode mode);

  Outcome Decode(ByteView in, std::string& out) const;

 private:
  using Pattern = std::unique_ptr<const re2::RE2>;

  // A part of the matched text, in bytes.
  struct Range {
    size_t begin = 0;
    size_t end = 0;
  };

  RegexpDecoder(std::vector<Pattern> patterns, RegexpMode mode)
      : patterns_(std::move(patterns)), mode_(mode) {}

  static absl::StatusOr<Pattern> Compile(const std::string& pattern);
  static std::string WithReplacements(ByteView in);
  static size_t Original(ByteView in, size_t offset);
  bool Match(const re2::RE2& pattern, std::string_view text, Range& kept) const;

  std::vector<Pattern> patterns_;
  RegexpMode mode_;
};

// Implementation.

inline absl::StatusOr<RegexpDecoder> RegexpDecoder::Make(
    const std::vector<std::string>& patterns, RegexpMode mode) {
  std::vector<Pattern> compiled;
  compiled.reserve(patterns.size());
  for (const std::string& pattern : patterns) {
    absl::StatusOr<Pattern> one = Compile(pattern);
    if (!one.ok()) return one.status();
    compiled.push_back(*std::move(one));
  }
  return RegexpDecoder(std::move(compiled), mode);
}

inline absl::StatusOr<RegexpDecoder::Pattern> RegexpDecoder::Compile(
    const std::string& pattern) {
  if (pattern.size() > kMaxPatternLength) {
    return absl::InvalidArgumentError(
        absl::StrCat("regexp of ", pattern.size(), " bytes; at most ",
                     kMaxPatternLength, " are allowed"));
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMaxMemory);
  auto compiled = std::make_unique<const re2::RE2>(pattern, options);
  if (!compiled->ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("regexp `", pattern, "`: ", compiled->error()));
  }
  return compiled;
}

inline Outcome RegexpDecoder::Decode(ByteView in, std::string& out) const {
  const bool valid = IsUtf8(in);
  std::string replaced;
  if (!valid) replaced = WithReplacements(in);
  const std::string_view text = valid ? in : replaced;
  for (const Pattern& pattern : patterns_) {
    Range kept;
    if (!Match(*pattern, text, kept)) continue;
    if (!valid) {
      kept = {Original(in, kept.begin), Original(in, kept.end)};
    }
    out += in.substr(kept.begin, kept.end - kept.begin);
    return Outcome::Keep();
  }
  return Outcome::Skip();
}

inline bool RegexpDecoder::Match(const re2::RE2& pattern, std::string_view text,
                                 Range& kept) const {
  kept = {.begin = 0, .end = text.size()};
  if (mode_ == RegexpMode::kKeepInput) {
    return pattern.Match(text, 0, text.size(), re2::RE2::UNANCHORED, nullptr,
                         0);
  }
  const int groups = pattern.NumberOfCapturingGroups();
  if (groups > 1) return false;
  re2::StringPiece found[2];
  if (!pattern.Match(text, 0, text.size(), re2::RE2::UNANCHORED, found,
                     groups + 1)) {
    return false;
  }
  const re2::StringPiece& part = found[groups];
  if (part.data() == nullptr) {  // the group took no part in the match
    kept = {};
  } else {
    kept.begin = static_cast<size_t>(part.data() - text.data());
    kept.end = kept.begin + part.size();
  }
  return true;
}

// The text to match instead of `in`: each invalid byte as U+FFFD.
inline std::string RegexpDecoder::WithReplacements(ByteView in) {
  std::string text;
  text.reserve(in.size() * kReplacement.size());
  while (!in.empty()) {
    const size_t length = Utf8Length(in);
    text += length == 0 ? kReplacement : in.substr(0, length);
    in.remove_prefix(length == 0 ? 1 : length);
  }
  return text;
}

// Where in `in` the byte lies that stands at `offset` in the replaced text.
inline size_t RegexpDecoder::Original(ByteView in, size_t offset) {
  size_t at = 0;
  for (size_t replaced = 0; replaced < offset;) {
    const size_t length = Utf8Length(in.substr(at));
    at += length == 0 ? 1 : length;
    replaced += length == 0 ? kReplacement.size() : length;
  }
  return at;
}

static_assert(Decoder<RegexpDecoder>);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DECODE_REGEXP_H_
