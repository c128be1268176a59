#include <linux/blkdev.h>
#include <linux/blk_types.h>

typedef struct disk_key {
    char disk[32];
    u8 op;
    u64 slot;
} disk_key_t;

// Max number of disks we expect to see on the host
const u8 max_disks = 255;

// 27 buckets for latency, max range is 33.6s .. 67.1s
const u8 max_latency_slot = 26;

// 16 buckets per disk in kib, max range is 16mib .. 32mib
const u8 max_size_slot = 15;

// Hash to temporily hold the start time of each bio request, max 10k in-flight by default
BPF_HASH(start, struct request *);

// Histograms to record latencies
BPF_HISTOGRAM(io_latency, disk_key_t, (max_latency_slot + 2) * max_disks);

// Histograms to record sizes
BPF_HISTOGRAM(io_size, disk_key_t, (max_size_slot + 2) * max_disks);

// Record start time of a request
int trace_req_start(struct pt_regs *ctx, struct request *req) {
    u64 ts = bpf_ktime_get_ns();
    start.update(&req, &ts);

    return 0;
}

// Calculate request duration and store in appropriate histogram bucket
int trace_req_completion(struct pt_regs *ctx, struct request *req, unsigned int bytes) {
    u64 *tsp, delta;

    // Fetch timestamp and calculate delta
    tsp = start.lookup(&req);
    if (tsp == 0) {
        return 0; // missed issue
    }

    // There are write request with zero length on sector zero,
    // which do not seem to be real writes to device.
    if (req->__sector == 0 && req->__data_len == 0) {
      return 0;
    }

    // Disk that received the request
    struct gendisk *disk = req->rq_disk;

    // Delta in nanoseconds
    delta = bpf_ktime_get_ns() - *tsp;

    // Convert to microseconds
    delta /= 1000;

    // Latency histogram key
    u64 latency_slot = bpf_log2l(delta);

    // Cap latency bucket at max value
    if (latency_slot > max_latency_slot) {
        latency_slot = max_latency_slot;
    }

    disk_key_t latency_key = { .slot = latency_slot };
    bpf_probe_read(&latency_key.disk, sizeof(latency_key.disk), &disk->disk_name);

    // Size in kibibytes
    u64 size_kib = bytes / 1024;

    // Request size histogram key
    u64 size_slot = bpf_log2(size_kib);

    // Cap latency bucket at max value
    if (size_slot > max_size_slot) {
        size_slot = max_size_slot;
    }

    disk_key_t size_key = { .slot = size_slot };
    bpf_probe_read(&size_key.disk, sizeof(size_key.disk), &disk->disk_name);

    if ((req->cmd_flags & REQ_OP_MASK) == REQ_OP_WRITE) {
        latency_key.op = 2;
        size_key.op    = 2;
    } else {
        latency_key.op = 1;
        size_key.op    = 1;
    }

    io_latency.increment(latency_key);
    io_size.increment(size_key);

    // Increment sum keys
    latency_key.slot = max_latency_slot + 1;
    io_latency.increment(latency_key, delta);
    size_key.slot = max_size_slot + 1;
    io_size.increment(size_key, size_kib);

    start.delete(&req);

    return 0;
}
