// Where text goes: a file, a terminal, or a string in tests.

#ifndef EBPF_EXPORTER_CMD_TABLEDUMP_TEXT_SINK_H_
#define EBPF_EXPORTER_CMD_TABLEDUMP_TEXT_SINK_H_

#include <string>
#include <string_view>

#include "cmd/tabledump/safe_text.h"
#include "core/exposition/chunk_buffer.h"

namespace ebpf_exporter {

class TextSink {
 public:
  virtual ~TextSink() = default;

  // False: nobody listens any more.
  virtual bool Write(std::string_view chunk) = 0;
  // What is written is complete.
  virtual bool Finish() { return true; }
};

static_assert(ByteSink<TextSink>);

using TextBuffer = ChunkBuffer<TextSink>;

class StringSink : public TextSink {
 public:
  bool Write(std::string_view chunk) override {
    text_ += chunk;
    return true;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// Makes lines safe on their way to a terminal: for formats whose bytes matter
// to programs, where a person looks at them.
class SafeSink : public TextSink {
 public:
  // `sink` outlives this.
  explicit SafeSink(TextSink* sink) : sink_(sink) {}

  bool Write(std::string_view chunk) override;
  bool Finish() override;

 private:
  TextSink* const sink_;
  std::string line_;  // what came after the last newline
};

// Implementation below.

inline bool SafeSink::Write(std::string_view chunk) {
  const size_t end = chunk.rfind('\n');
  if (end == std::string_view::npos) {
    line_ += chunk;
    return true;
  }
  line_ += chunk.substr(0, end + 1);
  const bool taken = sink_->Write(SafeText(line_, Lines::kKept));
  line_ = chunk.substr(end + 1);
  return taken;
}

inline bool SafeSink::Finish() {
  const bool taken = sink_->Write(SafeText(line_, Lines::kKept));
  line_.clear();
  return sink_->Finish() && taken;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_TABLEDUMP_TEXT_SINK_H_
