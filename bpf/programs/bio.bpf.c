// SPDX-License-Identifier: GPL-2.0
/*
 * How long does a disk take to serve a request, and how large are requests?
 *
 * Hooks: tp_btf/block_rq_issue (the request goes to the driver) and
 * tp_btf/block_rq_complete. Kernels: 5.11 and later, and 5.10 from 5.10.137 on,
 * where block_rq_issue has one argument too.
 *
 * Reads, writes, flushes and discards are counted once each, when their last
 * byte is done, failed ones too. A request that was not seen at issue (it was
 * in flight when the program was attached) is left out of both histograms.
 */

#include "bpf/include/histogram.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#define REQ_OP_MASK 0xff

/* Linux numbers; the others are rare and belong to drivers or zones. */
enum { REQ_OP_READ, REQ_OP_WRITE, REQ_OP_FLUSH, REQ_OP_DISCARD };

#define MAX_IN_FLIGHT 16384
#define MAX_DISKS 1024 /* times four operations */
#define DISK_NAME_LEN 32

/* 2^26 microseconds: 67 s. */
HISTOGRAM_VALUE(latency_us, 26);
/* 2^15 KiB: 32 MiB. */
HISTOGRAM_VALUE(size_kib, 15);

struct issued {
	__u64 ns;
	__u64 bytes;
};

struct disk_key {
	char device[DISK_NAME_LEN];
	__u64 operation; /* 1 + REQ_OP_*: 1 read, 2 write, 3 flush, 4 discard */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_IN_FLIGHT);
	__type(key, struct request *);
	__type(value, struct issued);
} bio_in_flight SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_DISKS * 4);
	__type(key, struct disk_key);
	__type(value, struct latency_us);
} bio_latency_seconds SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_DISKS * 4);
	__type(key, struct disk_key);
	__type(value, struct size_kib);
} bio_size_bytes SEC(".maps");

static __always_inline struct gendisk *disk_of(struct request *rq)
{
	struct request___until_5_16 *old = (void *)rq;

	if (bpf_core_field_exists(old->rq_disk))
		return old->rq_disk;
	return rq->q->disk;
}

TYPED_TP_BTF(block_rq_issue, bio_issue, struct request *rq)
{
	struct issued issued = {
		.ns = bpf_ktime_get_ns(),
		.bytes = rq->__data_len,
	};
	__u64 request = pointer_key(rq);

	if ((rq->cmd_flags & REQ_OP_MASK) > REQ_OP_DISCARD)
		return 0;
	bpf_map_update_elem(&bio_in_flight, &request, &issued, BPF_ANY);
	return 0;
}

/*
 * The arguments are rq, error, bytes. The type of `error` changed in 5.16, so
 * the hook names rq alone and takes bytes by its position.
 */
TYPED_TP_BTF(block_rq_complete, bio_complete, struct request *rq)
{
	unsigned int bytes = (unsigned int)ctx[2];
	__u64 request = pointer_key(rq);
	struct disk_key key = {};
	struct issued *found, issued;
	struct gendisk *disk;
	__u64 ns;

	/* A driver may complete a request in pieces. */
	if (bytes < rq->__data_len)
		return 0;
	found = bpf_map_lookup_elem(&bio_in_flight, &request);
	if (!found)
		return 0;
	issued = *found;
	bpf_map_delete_elem(&bio_in_flight, &request);

	disk = disk_of(rq);
	/* Only a queue without a disk has no name: not a block device's. */
	if (bpf_probe_read_kernel_str(key.device, sizeof(key.device),
				      disk->disk_name) <= 1)
		return 0;
	key.operation = 1 + (rq->cmd_flags & REQ_OP_MASK);

	ns = elapsed(issued.ns, bpf_ktime_get_ns());
	record_exp2_in_value(&bio_latency_seconds, &key, latency_us, ns,
			     NS_PER_US);
	if (issued.bytes) /* a flush carries none */
		record_exp2_in_value(&bio_size_bytes, &key, size_kib,
				     issued.bytes, BYTES_PER_KIB);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
