// Whether a sanitizer is compiled in, for tests of what sanitizers change
// (memory in use, threads that they start themselves) and, as a macro, for code
// that replaces what they replace.
#ifndef EBPF_EXPORTER_TOOLS_BUILD_SANITIZED_H_
#define EBPF_EXPORTER_TOOLS_BUILD_SANITIZED_H_

#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define EBPF_EXPORTER_IS_SANITIZED true
#endif
#endif
#ifndef EBPF_EXPORTER_IS_SANITIZED
#define EBPF_EXPORTER_IS_SANITIZED false
#endif

namespace ebpf_exporter {

inline constexpr bool kSanitized = EBPF_EXPORTER_IS_SANITIZED;

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_TOOLS_BUILD_SANITIZED_H_
