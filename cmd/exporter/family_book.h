// A FamilyBook makes families of samples that are told anew for each scrape and
// hardly change: what the exporter says about itself.
//
//   book.Begin();
//   FamilyBook::Family& ok = book.Open("config_ok", "...", FamilyType::kGauge);
//   ok.Add({{"config", "bio"}}, uint64_t{1});
//   book.Write(families);
//
// Samples are recognised by their place in the telling: one with the labels
// that its place had last time costs a comparison, and only others are
// rendered. While all are the same nothing is allocated. Not thread-safe.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_FAMILY_BOOK_H_
#define EBPF_EXPORTER_CMD_EXPORTER_FAMILY_BOOK_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/decode/utf8.h"
#include "core/exposition/family.h"
#include "core/table/label_text.h"

namespace ebpf_exporter {

class FamilyBook {
 public:
  // Names and values, in the bytewise order of the names.
  using Labels =
      std::initializer_list<std::pair<std::string_view, std::string_view>>;
  using Number = std::variant<uint64_t, double>;

  class Family;

  // Forgets what was told, but not how it was rendered.
  void Begin();
  // A family to add samples to until the next Begin(); always the same one for
  // a name. Its label names are always the same.
  Family& Open(std::string_view name, std::string_view help, FamilyType type);
  // Fills `families` in the order of names, their samples in canonical order.
  // Those that were not opened have no samples. Uses what memory it holds.
  void Write(std::vector<PlainFamily>& families);

 private:
  std::map<std::string, Family, std::less<>> families_;
};

class FamilyBook::Family {
 public:
  explicit Family(FamilyHeader header) : plain_{std::move(header), {}} {}

  // What is said twice counts as it was said first.
  void Add(Labels labels, Number number);

 private:
  friend class FamilyBook;

  struct Told {
    std::vector<std::string> values;  // of the labels
    std::string text;                 // of all labels
    Number number;
    size_t sample = 0;  // which it is of plain_
  };

  static bool HasValues(const Told& told, Labels labels);
  static void Render(Labels labels, Told& told);
  const PlainFamily& Finish();
  void Arrange();

  std::vector<Told> told_;
  size_t count_ = 0;      // told since Begin()
  bool changed_ = false;  // other labels than last time
  PlainFamily plain_;
};

inline void FamilyBook::Begin() {
  for (auto& [name, family] : families_) family.count_ = 0;
}

inline FamilyBook::Family& FamilyBook::Open(std::string_view name,
                                            std::string_view help,
                                            FamilyType type) {
  const auto found = families_.find(name);
  if (found != families_.end()) return found->second;
  FamilyHeader header = {
      .name = std::string(name), .help = std::string(help), .type = type};
  return families_.try_emplace(std::string(name), std::move(header))
      .first->second;
}

inline void FamilyBook::Write(std::vector<PlainFamily>& families) {
  families.resize(families_.size());
  auto out = families.begin();
  for (auto& [name, family] : families_) *out++ = family.Finish();
}

inline void FamilyBook::Family::Add(Labels labels, Number number) {
  if (count_ == told_.size()) {
    told_.emplace_back();
    Render(labels, told_.back());
    changed_ = true;
  } else if (!HasValues(told_[count_], labels)) {
    Render(labels, told_[count_]);
    changed_ = true;
  }
  told_[count_++].number = number;
}

inline bool FamilyBook::Family::HasValues(const Told& told, Labels labels) {
  return std::equal(
      labels.begin(), labels.end(), told.values.begin(), told.values.end(),
      [](const auto& label, const auto& own) { return label.second == own; });
}

inline void FamilyBook::Family::Render(Labels labels, Told& told) {
  told.values.clear();
  told.text.clear();
  std::string repaired;
  for (const auto& [name, value] : labels) {
    told.values.emplace_back(value);
    repaired.clear();
    AppendRepaired(value, repaired);
    AppendLabel(name, repaired, told.text);
  }
}

inline const PlainFamily& FamilyBook::Family::Finish() {
  if (changed_ || count_ < told_.size()) Arrange();
  // Backwards, so that the first of equals has the last word.
  for (size_t i = told_.size(); i > 0; --i) {
    plain_.samples[told_[i - 1].sample].value = told_[i - 1].number;
  }
  return plain_;
}

// Puts samples in order, equal ones in the place of one.
inline void FamilyBook::Family::Arrange() {
  told_.resize(count_);
  changed_ = false;
  std::vector<Told*> order;
  for (Told& told : told_) order.push_back(&told);
  std::sort(order.begin(), order.end(), [](const Told* a, const Told* b) {
    return CompareLabelText(a->text, b->text) < 0;
  });
  plain_.samples.clear();
  for (Told* told : order) {
    if (plain_.samples.empty() || plain_.samples.back().labels != told->text) {
      plain_.samples.push_back({.labels = told->text, .value = told->number});
    }
    told->sample = plain_.samples.size() - 1;
  }
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_FAMILY_BOOK_H_
