// A place that BPF programs can hook, called once when everything is attached:
// SEC("uprobe//proc/self/exe:post_attach_mark") initialises maps. The name is
// part of the interface of 2.x.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_POST_ATTACH_MARK_H_
#define EBPF_EXPORTER_CMD_EXPORTER_POST_ATTACH_MARK_H_

extern "C" void post_attach_mark();

#endif  // EBPF_EXPORTER_CMD_EXPORTER_POST_ATTACH_MARK_H_
