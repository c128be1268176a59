#include "bpf/loader/file_descriptor.h"

#include <fcntl.h>
#include <unistd.h>

#include <utility>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

bool IsOpen(int fd) { return fcntl(fd, F_GETFD) >= 0; }

TEST(FileDescriptor, ClosesOnce) {
  const int fd = open("/dev/null", O_RDONLY);
  {
    FileDescriptor first(fd);
    FileDescriptor second(std::move(first));
    EXPECT_FALSE(first.valid());
    EXPECT_EQ(second.get(), fd);
  }
  EXPECT_FALSE(IsOpen(fd));
}

TEST(FileDescriptor, AssignmentClosesTheOldOneInTheEnd) {
  const int old_fd = open("/dev/null", O_RDONLY);
  const int new_fd = open("/dev/null", O_RDONLY);
  {
    FileDescriptor one(old_fd);
    one = FileDescriptor(new_fd);
    EXPECT_FALSE(IsOpen(old_fd));
    EXPECT_EQ(one.get(), new_fd);
  }
  EXPECT_FALSE(IsOpen(new_fd));
}

}  // namespace
}  // namespace ebpf_exporter
