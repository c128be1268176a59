// Finds what a line has in common with the line before it: nearly always how
// both begin and how both end, and between them labels that shifted.

#ifndef EBPF_EXPORTER_CORE_EXPOSITION_GZIP_MATCHER_H_
#define EBPF_EXPORTER_CORE_EXPOSITION_GZIP_MATCHER_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "core/exposition/gzip_code.h"
#include "core/exposition/gzip_row.h"

namespace ebpf_exporter {

class GzipMatcher {
 public:
  // Gives `row` the tokens of the unit `text`, which comes after the unit
  // `before` and its value; an empty `before` is not referred to. REQUIRES:
  // both are at most kLongestUnit long.
  void AppendTokens(std::string_view before, std::string_view text,
                    GzipRowBuilder& row);

 private:
  // Shorter gaps between two matches are not searched.
  static constexpr size_t kLeastSearch = 6;
  static constexpr size_t kShortest = GzipCode::kShortestMatch;

  struct Match {
    size_t from = 0;  // in the unit before
    size_t length = 0;
  };

  static size_t Hash(const char* three);
  void Index(std::string_view before, size_t start);
  // The longest match known for what begins at `at`.
  Match Find(std::string_view before, std::string_view text, size_t at,
             size_t shift) const;
  // Tokens of `text` from `at` to `stop`; may go beyond, returns the end.
  size_t Search(std::string_view before, std::string_view text, size_t at,
                size_t stop, GzipRowBuilder& row);
  bool Pays(std::string_view match, size_t distance) const;

  const GzipCode& code_ = GzipCode::Get();
  std::array<uint16_t, 256> places_;  // by hash: a place, plus 1
};

namespace internal {

inline size_t CommonPrefix(std::string_view a, std::string_view b) {
  const size_t most = std::min(a.size(), b.size());
  size_t same = 0;
  while (same + 8 <= most &&
         std::memcmp(a.data() + same, b.data() + same, 8) == 0) {
    same += 8;
  }
  while (same < most && a[same] == b[same]) ++same;
  return same;
}

inline size_t CommonSuffix(std::string_view a, std::string_view b) {
  const size_t most = std::min(a.size(), b.size());
  size_t same = 0;
  while (same < most && a[a.size() - 1 - same] == b[b.size() - 1 - same]) {
    ++same;
  }
  return same;
}

}  // namespace internal

inline size_t GzipMatcher::Hash(const char* three) {
  const uint32_t word = static_cast<unsigned char>(three[0]) |
                        static_cast<unsigned char>(three[1]) << 8 |
                        static_cast<unsigned char>(three[2]) << 16;
  return word * 0x9e3779b1u >> 24;
}

// The last place of a hash wins.
inline void GzipMatcher::Index(std::string_view before, size_t start) {
  places_.fill(0);
  for (size_t i = start; i + kShortest <= before.size(); ++i) {
    places_[Hash(before.data() + i)] = static_cast<uint16_t>(i + 1);
  }
}

inline GzipMatcher::Match GzipMatcher::Find(std::string_view before,
                                            std::string_view text, size_t at,
                                            size_t shift) const {
  if (text.size() - at < kShortest) return {};
  Match best;
  const auto consider = [&](size_t from) {
    if (from >= before.size()) return;
    const size_t length =
        internal::CommonPrefix(before.substr(from), text.substr(at));
    if (length > best.length) best = {from, length};
  };
  // Where it would be if nothing had shifted since the last match; if all that
  // follows were the same; and where its first bytes were last seen.
  consider(at + shift);
  consider(at + before.size() - text.size());
  const size_t place = places_[Hash(text.data() + at)];
  if (place > 0) consider(place - 1);
  return best;
}

inline bool GzipMatcher::Pays(std::string_view match, size_t distance) const {
  constexpr size_t kTypicalValue = 6;
  if (match.size() < kShortest) return false;
  const size_t length = std::min(match.size(), GzipCode::kLongestMatch);
  const uint32_t cost =
      code_.Length(length).size + code_.Distance(distance + kTypicalValue).size;
  uint32_t saved = 0;
  for (size_t i = 0; i < match.size() && saved <= cost; ++i) {
    saved += code_.Literal(match[i]).size;
  }
  return saved > cost;
}

inline size_t GzipMatcher::Search(std::string_view before,
                                  std::string_view text, size_t at, size_t stop,
                                  GzipRowBuilder& row) {
  Index(before, at);
  size_t shift = 0;
  size_t literals = at;  // not yet told to `row`
  while (at < stop) {
    const Match match = Find(before, text, at, shift);
    const size_t distance = before.size() - match.from + at;
    if (!Pays(text.substr(at, match.length), distance)) {
      ++at;
      continue;
    }
    row.Literals(text.substr(literals, at - literals));
    row.Match(match.length, distance);
    shift = match.from - at;
    at += match.length;
    literals = at;
  }
  row.Literals(text.substr(literals, at - literals));
  return at;
}

inline void GzipMatcher::AppendTokens(std::string_view before,
                                      std::string_view text,
                                      GzipRowBuilder& row) {
  if (before.empty()) return row.Literals(text);
  size_t at = internal::CommonPrefix(before, text);
  if (Pays(text.substr(0, at), before.size())) {
    row.Match(at, before.size());
  } else {
    at = 0;
  }
  size_t same = internal::CommonSuffix(before.substr(at), text.substr(at));
  if (!Pays(text.substr(text.size() - same), text.size())) same = 0;
  const size_t stop = text.size() - same;
  if (stop - at >= kLeastSearch) {
    at = Search(before, text, at, stop, row);
  } else {
    row.Literals(text.substr(at, stop - at));
    at = stop;
  }
  const std::string_view rest = text.substr(at);
  if (Pays(rest, text.size())) {
    row.Match(rest.size(), text.size());
  } else {
    row.Literals(rest);
  }
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_EXPOSITION_GZIP_MATCHER_H_
