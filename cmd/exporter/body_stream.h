// What writes the body of a response, piece by piece: a function of the
// BodyWriter that takes it. Copies share the function and all it holds.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_BODY_STREAM_H_
#define EBPF_EXPORTER_CMD_EXPORTER_BODY_STREAM_H_

#include <concepts>
#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>

#include "core/exposition/text_block.h"

namespace ebpf_exporter {

// Takes the body of a response while it is made.
class BodyWriter {
 public:
  virtual ~BodyWriter() = default;

  // False: the client is gone or too slow, stop. A chunk may be empty.
  virtual bool Write(std::string_view chunk) = 0;
  // The same for the first `size` bytes of a block, whose margins and bytes are
  // the writer's to use until this returns.
  virtual bool WriteBlock(TextBlock& block, size_t size) {
    return Write({block.bytes(), size});
  }
};

// Hands a text writer's chunks on, as blocks where they are the lent one.
struct BlockSink {
  BodyWriter* out;
  TextBlock* lent;

  bool Write(std::string_view chunk) const {
    return chunk.data() == lent->bytes() ? out->WriteBlock(*lent, chunk.size())
                                         : out->Write(chunk);
  }
};

template <typename F>
concept WritesBodies = requires(const F& write, BodyWriter& writer) {
  { write(writer) } -> std::same_as<bool>;
};

class BodyStream {
 public:
  BodyStream() = default;  // none
  // Not explicit: functions stand where streams are wanted.
  template <WritesBodies F>
  requires(!std::same_as<F, BodyStream>)
      // NOLINTNEXTLINE(google-explicit-constructor)
      BodyStream(F write)
      : BodyStream(std::allocator<F>(), std::move(write)) {}
  // With memory of `allocator`.
  template <typename Allocator, WritesBodies F>
  BodyStream(const Allocator& allocator, F write)
      : writer_(std::allocate_shared<Model<F>>(allocator, std::move(write))) {}

  explicit operator bool() const { return writer_ != nullptr; }
  // What the function returned: whether the body is whole.
  bool operator()(BodyWriter& writer) const { return writer_->Write(writer); }

 private:
  struct Base {
    virtual ~Base() = default;
    virtual bool Write(BodyWriter& writer) const = 0;
  };
  template <typename F>
  struct Model final : Base {
    explicit Model(F f) : write(std::move(f)) {}
    bool Write(BodyWriter& writer) const override { return write(writer); }
    const F write;
  };

  std::shared_ptr<const Base> writer_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_BODY_STREAM_H_
