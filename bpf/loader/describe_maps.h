// The maps of an object that is in the kernel, as the loader hands them on.
// Only bpf/loader includes this.

#ifndef EBPF_EXPORTER_BPF_LOADER_DESCRIBE_MAPS_H_
#define EBPF_EXPORTER_BPF_LOADER_DESCRIBE_MAPS_H_

#include <vector>

#include "bpf/loader/libbpf.h"
#include "bpf/loader/loaded_config.h"
#include "bpf/loader/object_shape.h"

namespace ebpf_exporter {

// Those of `shape` that are in the kernel; the descriptors are the object's.
std::vector<LoadedMap> DescribeMaps(const bpf_object& object,
                                    const ObjectShape& shape);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_DESCRIBE_MAPS_H_
