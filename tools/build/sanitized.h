// Whether a sanitizer is compiled in, for tests of what sanitizers change:
// memory in use, and threads that they start themselves.
#ifndef EBPF_EXPORTER_TOOLS_BUILD_SANITIZED_H_
#define EBPF_EXPORTER_TOOLS_BUILD_SANITIZED_H_

namespace ebpf_exporter {

#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define EBPF_EXPORTER_IS_SANITIZED true
#endif
#endif
#ifndef EBPF_EXPORTER_IS_SANITIZED
#define EBPF_EXPORTER_IS_SANITIZED false
#endif

inline constexpr bool kSanitized = EBPF_EXPORTER_IS_SANITIZED;

#undef EBPF_EXPORTER_IS_SANITIZED

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_TOOLS_BUILD_SANITIZED_H_
