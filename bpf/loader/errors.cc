#include "bpf/loader/errors.h"

#include <errno.h>

#include <array>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "bpf/loader/libbpf.h"

namespace ebpf_exporter {
namespace {

// Kernel-internal, but bpf() lets it out: `not supported` in another number.
constexpr int kKernelNotSupported = 524;

// Each program, link and map holds a descriptor.
constexpr std::string_view kMoreFiles =
    " (raise the limit with `ulimit -n` or, in a systemd unit, LimitNOFILE=)";

absl::StatusCode CodeOf(int error) {
  switch (error) {
    case EPERM:
    case EACCES:
      return absl::StatusCode::kPermissionDenied;
    case ENOENT:
    case ESRCH:
    case ENODEV:
      return absl::StatusCode::kNotFound;
    case ENOMEM:
    case ENOSPC:
    case EMFILE:
    case ENFILE:
      return absl::StatusCode::kResourceExhausted;
    case ENOSYS:
    case EOPNOTSUPP:
    case kKernelNotSupported:
      return absl::StatusCode::kUnimplemented;
    case EAGAIN:
    case EBUSY:
    case EINTR:
      return absl::StatusCode::kUnavailable;
    case EEXIST:
      return absl::StatusCode::kAlreadyExists;
    case EINVAL:
    case E2BIG:
      return absl::StatusCode::kInvalidArgument;
    default:
      return absl::StatusCode::kUnknown;
  }
}

}  // namespace

absl::Status KernelError(int error, std::string_view what) {
  return absl::Status(CodeOf(std::abs(error)),
                      absl::StrCat(what, ": ", ErrorText(error)));
}

std::string ErrorText(int error) {
  if (std::abs(error) == kKernelNotSupported) return "not supported";
  std::array<char, 128> buffer = {};
  libbpf_strerror(std::abs(error), buffer.data(), buffer.size());
  std::string text = buffer.data();
  if (std::abs(error) == EMFILE) text += kMoreFiles;
  return text;
}

std::string_view ErrorReason(int error, std::string_view otherwise) {
  switch (std::abs(error)) {
    case EPERM:
    case EACCES:
      return "permission";
    case ENOMEM:
      return "out_of_memory";
    case EMFILE:
    case ENFILE:
      return "out_of_files";
    default:
      return otherwise;
  }
}

}  // namespace ebpf_exporter
