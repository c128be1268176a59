// WalkValue: goes over one value of bpftool's JSON, or of the text that only
// looks like it (`0x1f`, `(nil)` without quotes), and tells a visitor what
// stands there.

#ifndef EBPF_EXPORTER_CORE_DUMP_BPFTOOL_WALK_H_
#define EBPF_EXPORTER_CORE_DUMP_BPFTOOL_WALK_H_

#include <array>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>

#include "core/dump/bpftool_cursor.h"
#include "core/dump/bpftool_string.h"

namespace ebpf_exporter {

// Hears of values in the order of the text. `name` is empty for an element of
// an array. False means: too much, stop.
//
//   Open   an object or an array begins
//   Close  it ends
//   Leaf   a string's bytes, or a number or word as it is written
template <typename V>
concept ValueVisitor = requires(V& visitor, Inside inside,
                                std::string_view text, bool quoted) {
  { visitor.Open(inside, text) } -> std::same_as<bool>;
  { visitor.Close() } -> std::same_as<bool>;
  { visitor.Leaf(text, text, quoted) } -> std::same_as<bool>;
};

// Goes over the value that begins here. False, with the cursor's failure set,
// if it is damaged or nested deeper than bpftool nests.
template <ValueVisitor V>
bool WalkValue(DumpCursor& in, Inside inside, V& visitor);

// WalkValue for a value that nobody asks for.
bool SkipValue(DumpCursor& in, Inside inside);

// Reads a name and its colon.
bool ReadName(DumpCursor& in, std::string& name);

// Reads a run of letters, digits and signs: a number, `true`, `(nil)`.
bool ReadWord(DumpCursor& in, std::string& word);

// Implementation below.

inline bool ReadName(DumpCursor& in, std::string& name) {
  in.SkipSpace();
  name.clear();
  // A name is never the char `"`, so `""` is the empty one.
  if (in.Sees("\"\"")) {
    in.Skip(2);
  } else if (!ReadString(in, Inside::kObject, name)) {
    return false;
  }
  in.SkipSpace();
  return in.Take(':') || in.FailExpecting("a colon");
}

inline bool ReadWord(DumpCursor& in, std::string& word) {
  constexpr size_t kMaxWord = 64;
  word.clear();
  while (word.size() < kMaxWord) {
    const int c = in.Peek();
    if (c <= ' ' || c >= 0x7f || internal::IsOneOf(c, ",:[]{}\"")) break;
    word.push_back(static_cast<char>(c));
    in.Skip();
  }
  if (word.empty()) return in.FailExpecting("a value");
  return word.size() < kMaxWord || in.Fail("a word longer than any number");
}

namespace internal {

template <ValueVisitor V>
class Walker {
 public:
  Walker(DumpCursor& in, Inside inside, V& visitor)
      : in_(in), visitor_(visitor) {
    nest_[0] = inside;
  }

  bool Run();

 private:
  static constexpr size_t kMaxDepth = 64;

  // A leaf.
  bool Leaf(int c);
  // The beginning of a list, up to its first value if it has one.
  bool Open(Inside inside);
  // What stands behind a value: the ends of lists, up to the next value.
  bool Continue();

  char closer() const { return nest_[depth_] == Inside::kArray ? ']' : '}'; }
  // The name of the value to come, where it has one.
  bool Name();
  bool Tell(bool heard) { return heard || in_.Fail("a value too large"); }

  DumpCursor& in_;
  V& visitor_;
  std::array<Inside, kMaxDepth + 1> nest_;
  size_t depth_ = 0;
  std::string name_;
  std::string text_;
};

template <ValueVisitor V>
bool Walker<V>::Run() {
  do {
    in_.SkipSpace();
    const int c = in_.Peek();
    const bool list = c == '[' || c == '{';
    if (list && !Open(c == '[' ? Inside::kArray : Inside::kObject)) {
      return false;
    }
    if (list && in_.Peek() != closer()) continue;
    if (!(list || Leaf(c)) || !Continue()) return false;
  } while (depth_ > 0);
  return true;
}

template <ValueVisitor V>
bool Walker<V>::Leaf(int c) {
  const bool quoted = c == '"';
  const bool read =
      quoted ? ReadString(in_, nest_[depth_], text_) : ReadWord(in_, text_);
  return read && Tell(visitor_.Leaf(name_, text_, quoted));
}

template <ValueVisitor V>
bool Walker<V>::Open(Inside inside) {
  if (depth_ == kMaxDepth) return in_.Fail("nested deeper than any type");
  if (!Tell(visitor_.Open(inside, name_))) return false;
  nest_[++depth_] = inside;
  in_.Skip();
  in_.SkipSpace();
  return in_.Peek() == closer() || Name();
}

template <ValueVisitor V>
bool Walker<V>::Continue() {
  while (depth_ > 0) {
    in_.SkipSpace();
    if (in_.Take(',')) return Name();
    if (!in_.Take(closer())) return in_.FailExpecting("a comma");
    --depth_;
    if (!Tell(visitor_.Close())) return false;
  }
  return true;
}

template <ValueVisitor V>
bool Walker<V>::Name() {
  name_.clear();
  return nest_[depth_] == Inside::kArray || ReadName(in_, name_);
}

struct DeafVisitor {
  bool Open(Inside, std::string_view) { return true; }
  bool Close() { return true; }
  bool Leaf(std::string_view, std::string_view, bool) { return true; }
};
static_assert(ValueVisitor<DeafVisitor>);

}  // namespace internal

template <ValueVisitor V>
bool WalkValue(DumpCursor& in, Inside inside, V& visitor) {
  return internal::Walker<V>(in, inside, visitor).Run();
}

inline bool SkipValue(DumpCursor& in, Inside inside) {
  internal::DeafVisitor deaf;
  return WalkValue(in, inside, deaf);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DUMP_BPFTOOL_WALK_H_
