#include "bpf/loader/errors.h"

#include <errno.h>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(KernelError, CarriesWhatAndWhy) {
  EXPECT_EQ(KernelError(-ENOENT, "map \"a\""),
            absl::NotFoundError("map \"a\": No such file or directory"));
  EXPECT_EQ(KernelError(EPERM, "x").code(),
            absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(KernelError(-EACCES, "x").code(),
            absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(KernelError(-ENOMEM, "x").code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(KernelError(-EIO, "x").code(), absl::StatusCode::kUnknown);
}

TEST(KernelError, KnowsNumbersThatLibcDoesNot) {
  EXPECT_EQ(KernelError(-524, "x"),
            absl::UnimplementedError("x: not supported"));
  EXPECT_EQ(ErrorText(-4000), "Something wrong in libelf");
}

TEST(ErrorText, SaysHowToGetMoreFiles) {
  EXPECT_EQ(ErrorText(-EMFILE),
            "Too many open files (raise the limit with `ulimit -n` or, in a "
            "systemd unit, LimitNOFILE=)");
}

TEST(ErrorReason, IsOneOfASmallSet) {
  EXPECT_EQ(ErrorReason(-EPERM, "load"), "permission");
  EXPECT_EQ(ErrorReason(EACCES, "load"), "permission");
  EXPECT_EQ(ErrorReason(-ENOMEM, "load"), "out_of_memory");
  EXPECT_EQ(ErrorReason(-EMFILE, "load"), "out_of_files");
  EXPECT_EQ(ErrorReason(-ENFILE, "load"), "out_of_files");
  EXPECT_EQ(ErrorReason(-ENOSPC, "load"), "load");
  EXPECT_EQ(ErrorReason(-EINVAL, "attach"), "attach");
}

}  // namespace
}  // namespace ebpf_exporter
