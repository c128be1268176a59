// A strict reader of the Prometheus text format 0.0.4, for tests. Written from
// the format's description and sharing nothing with the writer, so that the two
// can be held against each other. Refuses what a careful scraper would:
// families in pieces, duplicate series, histograms that do not add up, invalid
// UTF-8.

#ifndef EBPF_EXPORTER_CORE_EXPOSITION_TEXT_PARSER_H_
#define EBPF_EXPORTER_CORE_EXPOSITION_TEXT_PARSER_H_

#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

namespace ebpf_exporter {

struct ParsedSample {
  std::string name;
  std::vector<std::pair<std::string, std::string>> labels;  // as written
  std::string value;                                        // as written

  // The value of a label, or "" without it.
  std::string Label(std::string_view label) const {
    for (const auto& [key, text] : labels) {
      if (key == label) return text;
    }
    return "";
  }
  double number() const { return std::strtod(value.c_str(), nullptr); }
};

struct ParsedFamily {
  std::string help;
  std::string type;
  std::vector<ParsedSample> samples;
};

using ParsedPage = std::map<std::string, ParsedFamily>;

// The page, or what is wrong with it and in which line.
absl::StatusOr<ParsedPage> ParsePrometheusText(std::string_view text);

namespace internal {

// Reads a page line by line, and a line character by character.
class TextParser {
 public:
  explicit TextParser(std::string_view text) : rest_(text) {}

  absl::StatusOr<ParsedPage> Run();

 private:
  absl::Status Line(std::string_view line);
  absl::Status Comment(std::string_view line);
  absl::Status Sample(std::string_view line);
  absl::Status Labels(std::string_view& line, ParsedSample& sample);
  absl::Status Quoted(std::string_view& line, std::string& out);
  absl::Status Accept(ParsedSample sample);
  absl::Status CheckHistogram(const std::string& name,
                              const ParsedFamily& family);
  absl::Status Error(std::string_view what) const {
    return absl::InvalidArgumentError(absl::StrCat("line ", line_, ": ", what));
  }

  std::string_view rest_;
  size_t line_ = 0;
  ParsedPage page_;
  std::string family_;  // the one being read
  std::map<std::string, bool> seen_;
};

inline bool IsNameByte(char c, bool first) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return letter || c == '_' || c == ':' || (!first && c >= '0' && c <= '9');
}

inline std::string TakeName(std::string_view& line) {
  size_t size = 0;
  while (size < line.size() && IsNameByte(line[size], size == 0)) ++size;
  const std::string name(line.substr(0, size));
  line.remove_prefix(size);
  return name;
}

// Length of the valid UTF-8 sequence at the start of `text`; 0 if there is
// none.
inline size_t SequenceLength(std::string_view text) {
  const auto byte = [&](size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  const size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  unsigned point = lead & (0x7fu >> length);
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
    point = point << 6 | (byte(i) & 0x3f);
  }
  constexpr unsigned kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = point >= 0xd800 && point < 0xe000;
  const bool fits = lead >= 0xc0 && lead < 0xf8 && point <= 0x10ffff;
  return fits && point >= kLeast[length] && !surrogate ? length : 0;
}

inline absl::StatusOr<ParsedPage> TextParser::Run() {
  for (std::string_view text = rest_; !text.empty();) {
    const size_t length = SequenceLength(text);
    if (length == 0) return Error("invalid UTF-8");
    text.remove_prefix(length);
  }
  while (!rest_.empty()) {
    ++line_;
    const size_t end = rest_.find('\n');
    if (end == std::string_view::npos) return Error("no newline at the end");
    const absl::Status status = Line(rest_.substr(0, end));
    if (!status.ok()) return status;
    rest_.remove_prefix(end + 1);
  }
  for (const auto& [name, family] : page_) {
    if (family.samples.empty()) return Error("no samples of " + name);
    if (family.type != "histogram") continue;
    const absl::Status status = CheckHistogram(name, family);
    if (!status.ok()) return status;
  }
  return std::move(page_);
}

inline absl::Status TextParser::Line(std::string_view line) {
  if (line.empty()) return Error("empty line");
  return line[0] == '#' ? Comment(line) : Sample(line);
}

inline absl::Status TextParser::Comment(std::string_view line) {
  const bool help = line.substr(0, 7) == "# HELP ";
  if (!help && line.substr(0, 7) != "# TYPE ") return Error("odd comment");
  line.remove_prefix(7);
  const std::string name = TakeName(line);
  if (name.empty() || line.empty() || line[0] != ' ') return Error("no name");
  line.remove_prefix(1);
  if (help) {
    if (page_.count(name)) return Error("second HELP of " + name);
    family_ = name;
    page_[name].help = std::string(line);
    return absl::OkStatus();
  }
  if (family_ != name) return Error("TYPE without HELP before it");
  ParsedFamily& family = page_[name];
  if (!family.type.empty()) return Error("second TYPE");
  family.type = std::string(line);
  if (line != "counter" && line != "gauge" && line != "histogram") {
    return Error("odd type");
  }
  return absl::OkStatus();
}

inline absl::Status TextParser::Sample(std::string_view line) {
  ParsedSample sample;
  sample.name = TakeName(line);
  if (sample.name.empty()) return Error("no metric name");
  if (!line.empty() && line[0] == '{') {
    line.remove_prefix(1);
    const absl::Status status = Labels(line, sample);
    if (!status.ok()) return status;
  }
  if (line.empty() || line[0] != ' ') return Error("no space before value");
  line.remove_prefix(1);
  sample.value = std::string(line);
  char* end = nullptr;
  std::strtod(sample.value.c_str(), &end);
  if (line.empty() || *end != '\0') return Error("value is not a number");
  return Accept(std::move(sample));
}

inline absl::Status TextParser::Labels(std::string_view& line,
                                       ParsedSample& sample) {
  while (true) {
    const std::string name = TakeName(line);
    if (name.empty() || name.find(':') != std::string::npos) {
      return Error("bad label name");
    }
    if (line.substr(0, 2) != "=\"") return Error("no =\" after label name");
    line.remove_prefix(2);
    std::string value;
    const absl::Status status = Quoted(line, value);
    if (!status.ok()) return status;
    if (!sample.labels.empty() && sample.labels.back().first >= name &&
        name != "le") {
      return Error("labels are not in order");
    }
    sample.labels.emplace_back(name, value);
    if (line.empty()) return Error("labels do not end");
    const char after = line[0];
    line.remove_prefix(1);
    if (after == '}') return absl::OkStatus();
    if (after != ',') return Error("no comma between labels");
  }
}

inline absl::Status TextParser::Quoted(std::string_view& line,
                                       std::string& out) {
  while (!line.empty()) {
    const char c = line[0];
    line.remove_prefix(1);
    if (c == '"') return absl::OkStatus();
    if (c != '\\') {
      out.push_back(c);
      continue;
    }
    if (line.empty()) break;
    const char code = line[0];
    line.remove_prefix(1);
    if (code != '\\' && code != '"' && code != 'n') return Error("bad escape");
    out.push_back(code == 'n' ? '\n' : code);
  }
  return Error("value of a label does not end");
}

inline absl::Status TextParser::Accept(ParsedSample sample) {
  ParsedFamily& family = page_[family_];
  std::string_view suffix = sample.name;
  if (family_.empty() || suffix.substr(0, family_.size()) != family_) {
    return Error("sample outside its family");
  }
  suffix.remove_prefix(family_.size());
  const bool part =
      suffix == "_bucket" || suffix == "_sum" || suffix == "_count";
  if (family.type == "histogram" ? !part : !suffix.empty()) {
    return Error("sample does not fit the family's type");
  }
  std::string key = sample.name;
  for (const auto& [name, value] : sample.labels) {
    absl::StrAppend(&key, std::string_view("\0", 1), name,
                    std::string_view("\0=", 2), value);
  }
  if (std::exchange(seen_[key], true)) return Error("duplicate series");
  family.samples.push_back(std::move(sample));
  return absl::OkStatus();
}

// Buckets ascend and accumulate, end with +Inf, and +Inf equals the count.
inline absl::Status TextParser::CheckHistogram(const std::string& name,
                                               const ParsedFamily& family) {
  double last_bound = -HUGE_VAL;
  double last_count = 0;
  for (const ParsedSample& sample : family.samples) {
    if (sample.name == name + "_bucket") {
      const double bound = std::strtod(sample.Label("le").c_str(), nullptr);
      if (!(bound > last_bound)) return Error(name + ": buckets do not ascend");
      if (sample.number() < last_count) {
        return Error(name + ": buckets do not accumulate");
      }
      last_bound = bound;
      last_count = sample.number();
      continue;
    }
    if (last_bound != HUGE_VAL) return Error(name + ": no bucket of +Inf");
    if (sample.name != name + "_count") continue;
    if (sample.number() != last_count) {
      return Error(name + ": the count is not that of +Inf");
    }
    last_bound = -HUGE_VAL;
    last_count = 0;
  }
  return absl::OkStatus();
}

}  // namespace internal

inline absl::StatusOr<ParsedPage> ParsePrometheusText(std::string_view text) {
  return internal::TextParser(text).Run();
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_EXPOSITION_TEXT_PARSER_H_
