#include "core/dump/looked_at_source.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

// Gives a byte at a time, then an error if it has one.
class SlowSource : public ByteSource {
 public:
  SlowSource(std::string bytes, absl::Status end)
      : bytes_(std::move(bytes)), end_(std::move(end)) {}

  absl::StatusOr<size_t> Read(std::span<char> to) override {
    if (at_ == bytes_.size()) {
      if (!end_.ok()) return end_;
      return 0;
    }
    to[0] = bytes_[at_++];
    return 1;
  }

 private:
  const std::string bytes_;
  const absl::Status end_;
  size_t at_ = 0;
};

std::string All(ByteSource& source) {
  std::string all;
  char block[3];
  while (true) {
    const absl::StatusOr<size_t> got = source.Read(block);
    if (!got.ok() || *got == 0) return all;
    all.append(block, *got);
  }
}

TEST(LookedAtSourceTest, NothingIsLost) {
  for (const size_t looked : {0, 1, 4, 7, 100}) {
    std::unique_ptr<ByteSource> source =
        std::make_unique<SlowSource>("abcdefg", absl::OkStatus());
    const absl::StatusOr<std::string> first = ReadFirstBytes(*source, looked);
    ASSERT_TRUE(first.ok());
    EXPECT_EQ(*first, std::string("abcdefg").substr(0, looked));
    LookedAtSource again(*first, std::move(source));
    EXPECT_EQ(All(again), "abcdefg") << looked;
  }
}

TEST(LookedAtSourceTest, ErrorsAreHandedOn) {
  SlowSource source("abc", absl::UnknownError("broken"));
  EXPECT_EQ(ReadFirstBytes(source, 4).status(), absl::UnknownError("broken"));
}

}  // namespace
}  // namespace ebpf_exporter
