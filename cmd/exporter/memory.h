// How the exporter wants its memory kept.
//
// Who links this has large arrays (the rows, cells and orders of a table with
// many series) on huge pages, where the host lends them to those that ask: a
// scrape writes each of its values somewhere else in memory, and a virtual
// machine pays for each small page twice. Under a sanitizer all stays as it is.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_MEMORY_H_
#define EBPF_EXPORTER_CMD_EXPORTER_MEMORY_H_

namespace ebpf_exporter {

// Before anything large is allocated.
void SetUpMemory();

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_MEMORY_H_
