// What inline code takes for granted: the types of fixed size, and the macros
// that its methods and a few functions of BCC's become. All of it is C, for the
// BPF target.
//
// Differences from BCC, both for the better: increment() adds atomically where
// the value has 4 or 8 bytes, and where another CPU was first to make an entry
// it adds to that, so no event is lost.

#ifndef EBPF_EXPORTER_CORE_INLINE_PRELUDE_H_
#define EBPF_EXPORTER_CORE_INLINE_PRELUDE_H_

#include <array>
#include <string_view>

namespace ebpf_exporter {

// The functions of kBccMacros; all else there are macros, which a code may
// define once more.
inline constexpr std::array<std::string_view, 2> kBccFunctions = {"bpf_log2",
                                                                  "bpf_log2l"};

// Before anything else.
inline constexpr std::string_view kBaseTypes = R"(
typedef unsigned char __u8, u8;
typedef unsigned short __u16, u16;
typedef unsigned int __u32, u32;
typedef unsigned long long __u64, u64;
typedef signed char __s8, s8;
typedef short __s16, s16;
typedef int __s32, s32;
typedef long long __s64, s64;
typedef __u16 __le16, __be16;
typedef __u32 __le32, __be32, __wsum;
typedef __u64 __le64, __be64;
typedef __u16 __sum16;
)";

// Behind libbpf's headers.
inline constexpr std::string_view kBccMacros = R"(
#define bcc_sized_(pointer, like)                                             \
	({                                                                    \
		_Static_assert(sizeof(*(pointer)) == sizeof(*(like)) ||       \
				       __builtin_types_compatible_p(          \
					       typeof(*(pointer)), void),     \
			       "the pointer is to a type of another size "    \
			       "than the map's");                             \
		(void *)(pointer);                                            \
	})
#define bcc_lookup(map, key_)                                                 \
	((typeof((map).value))bpf_map_lookup_elem(                            \
		&(map), bcc_sized_(key_, (map).key)))
#define bcc_put_(map, key_, value_, flags)                                    \
	bpf_map_update_elem(&(map), bcc_sized_(key_, (map).key),              \
			    bcc_sized_(value_, (map).value), flags)
#define bcc_update(map, key_, value_) bcc_put_(map, key_, value_, 0)
#define bcc_insert(map, key_, value_) bcc_put_(map, key_, value_, 1)
#define bcc_delete(map, key_)                                                 \
	bpf_map_delete_elem(&(map), bcc_sized_(key_, (map).key))
#define bcc_lookup_or_try_init(map, key_, value_)                             \
	({                                                                    \
		typeof((map).value) bcc_leaf_ = bcc_lookup(map, key_);        \
		if (!bcc_leaf_) {                                             \
			bcc_insert(map, key_, value_);                        \
			bcc_leaf_ = bcc_lookup(map, key_);                    \
		}                                                             \
		bcc_leaf_;                                                    \
	})
#define bcc_lookup_or_init(map, key_, value_)                                 \
	({                                                                    \
		typeof((map).value) bcc_found_ =                              \
			bcc_lookup_or_try_init(map, key_, value_);            \
		if (!bcc_found_)                                              \
			return 0;                                             \
		bcc_found_;                                                   \
	})
#define bcc_add_(leaf, by)                                                    \
	({                                                                    \
		if (sizeof(*(leaf)) == 8)                                     \
			__sync_fetch_and_add((u64 *)(leaf), (u64)(by));       \
		else if (sizeof(*(leaf)) == 4)                                \
			__sync_fetch_and_add((u32 *)(leaf), (u32)(by));       \
		else                                                          \
			*(leaf) += (by);                                      \
	})
#define bcc_increment(map, key_, by)                                          \
	({                                                                    \
		typeof(*(map).key) bcc_key_ = key_;                           \
		typeof(*(map).value) bcc_by_ = by;                            \
		typeof((map).value) bcc_leaf_ =                               \
			bpf_map_lookup_elem(&(map), &bcc_key_);               \
		if (!bcc_leaf_ &&                                             \
		    bpf_map_update_elem(&(map), &bcc_key_, &bcc_by_, 1))      \
			bcc_leaf_ = bpf_map_lookup_elem(&(map), &bcc_key_);   \
		if (bcc_leaf_)                                                \
			bcc_add_(bcc_leaf_, bcc_by_);                         \
	})
#define bcc_atomic_increment(map, key_, by) bcc_increment(map, key_, by)
#define bcc_perf_submit(map, context, data, size)                             \
	bpf_perf_event_output(context, &(map), 0xffffffffULL, data, size)

#define TP_DATA_LOC_READ_CONST(destination, field, length)                    \
	bpf_probe_read((void *)(destination), length,                         \
		       (char *)args + (args->data_loc_##field & 0xffff))
#define TP_DATA_LOC_READ(destination, field)                                  \
	bpf_probe_read((void *)(destination), args->data_loc_##field >> 16,   \
		       (char *)args + (args->data_loc_##field & 0xffff))

/* The logarithm rounded down; 0 of 0. */
static inline __attribute__((always_inline)) u32 bpf_log2(u32 value)
{
	u32 log = (value > 0xffff) << 4;
	u32 step;

	value >>= log;
	step = (value > 0xff) << 3;
	value >>= step;
	log |= step;
	step = (value > 0xf) << 2;
	value >>= step;
	log |= step;
	step = (value > 0x3) << 1;
	value >>= step;
	log |= step;
	return log | value >> 1;
}

/* The same and one more, so that 0 and 1 make 1. */
static inline __attribute__((always_inline)) u32 bpf_log2l(u64 value)
{
	u32 high = value >> 32;

	return high ? bpf_log2(high) + 33 : bpf_log2(value) + 1;
}
)";

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_INLINE_PRELUDE_H_
