// SPDX-License-Identifier: GPL-2.0
/*
 * Which commands fill, dirty and turn over the page cache?
 *
 * Hooks: tp_btf/mm_filemap_add_to_page_cache,
 * mm_filemap_delete_from_page_cache, writeback_dirty_folio, block_dirty_buffer,
 * mm_lru_activate. Kernels: 5.10 and later; before 5.18 these pass pages and
 * the third is called writeback_dirty_page, so each has a function for both.
 *
 * Where a tracepoint sits in the function that the kprobe form of this program
 * counts, the operation has that function's name. mark_page_accessed has no
 * tracepoint: folio_activate, its rarer half, stands in. Not in the default
 * set: anybody may choose the name of a command.
 */

#include "bpf/include/count.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#define MAX_SERIES 8192
#define TASK_COMM_LEN 16

enum op {
	ADD_TO_PAGE_CACHE_LRU,
	DELETE_FROM_PAGE_CACHE,
	ACCOUNT_PAGE_DIRTIED,
	MARK_BUFFER_DIRTY,
	FOLIO_ACTIVATE,
};

struct op_key {
	char command[TASK_COMM_LEN];
	__u64 op;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, MAX_SERIES);
	__type(key, struct op_key);
	__type(value, __u64);
} page_cache_ops_total SEC(".maps");

static __always_inline int count_op(enum op op)
{
	struct op_key key = { .op = op };

	bpf_get_current_comm(key.command, sizeof(key.command));
	count_in_hash(&page_cache_ops_total, &key, 1);
	return 0;
}

TYPED_TP_BTF(mm_filemap_add_to_page_cache, page_cache_add, struct folio *folio)
{
	return count_op(ADD_TO_PAGE_CACHE_LRU);
}

TYPED_TP_BTF(mm_filemap_add_to_page_cache, page_cache_add_page,
	     struct page *page)
{
	return count_op(ADD_TO_PAGE_CACHE_LRU);
}

TYPED_TP_BTF(mm_filemap_delete_from_page_cache, page_cache_delete,
	     struct folio *folio)
{
	return count_op(DELETE_FROM_PAGE_CACHE);
}

TYPED_TP_BTF(mm_filemap_delete_from_page_cache, page_cache_delete_page,
	     struct page *page)
{
	return count_op(DELETE_FROM_PAGE_CACHE);
}

TYPED_TP_BTF(writeback_dirty_folio, page_cache_dirty, struct folio *folio)
{
	return count_op(ACCOUNT_PAGE_DIRTIED);
}

TYPED_TP_BTF(writeback_dirty_page, page_cache_dirty_page, struct page *page)
{
	return count_op(ACCOUNT_PAGE_DIRTIED);
}

TYPED_TP_BTF(block_dirty_buffer, page_cache_dirty_buffer,
	     struct buffer_head *buffer)
{
	return count_op(MARK_BUFFER_DIRTY);
}

TYPED_TP_BTF(mm_lru_activate, page_cache_activate, struct folio *folio)
{
	return count_op(FOLIO_ACTIVATE);
}

TYPED_TP_BTF(mm_lru_activate, page_cache_activate_page, struct page *page)
{
	return count_op(FOLIO_ACTIVATE);
}

char LICENSE[] SEC("license") = "GPL";
