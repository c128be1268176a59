// The edge where files are opened: inputs and outputs, `-` being the standard
// ones.

#ifndef EBPF_EXPORTER_CMD_TABLEDUMP_FILES_H_
#define EBPF_EXPORTER_CMD_TABLEDUMP_FILES_H_

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cmd/tabledump/text_sink.h"
#include "core/dump/byte_source.h"

namespace ebpf_exporter {

// The bytes of a file, a pipe or, for `-`, of standard input.
absl::StatusOr<std::unique_ptr<ByteSource>> OpenInput(const std::string& path);

// All of a configuration or object, up to `limit` bytes.
absl::StatusOr<std::string> ReadWhole(const std::string& path, size_t limit);

// All of a source, which messages call `name`, up to `limit` bytes.
absl::StatusOr<std::string> ReadWhole(ByteSource& source, std::string_view name,
                                      size_t limit);

inline constexpr size_t kLargestConfig = size_t{16} << 20;
inline constexpr size_t kLargestObject = size_t{256} << 20;

// A file that is written, or standard output for `-`.
class Output : public TextSink {
 public:
  static absl::StatusOr<std::unique_ptr<Output>> Open(const std::string& path);
  static std::unique_ptr<Output> Stdout();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  ~Output() override;

  // False once something could not be written, and ever after.
  bool Write(std::string_view chunk) override;
  // Whether a person looks at it.
  bool is_terminal() const { return is_terminal_; }
  // Ends the writing; says what went wrong. A reader that has gone away, as
  // `head` does, is no error.
  absl::Status Close();

 private:
  Output(int fd, std::string name);

  int fd_;
  const std::string name_;
  const bool is_terminal_;
  int error_ = 0;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_TABLEDUMP_FILES_H_
