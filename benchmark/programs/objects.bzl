"""The programs that are measured: an object for each source and kind of map."""

load("//tools/build:bpf.bzl", "bpf_object")

_HDRS = [
    "counter_map.bpf.h",
    "entries_map.bpf.h",
    "event.bpf.h",
    "histogram_event.bpf.h",
    "plain.bpf.h",
    "value_map.bpf.h",
    "//bpf/include:histogram",
    "//bpf/include:typed_hook",
]

# The macros of event.bpf.h for each kind of map.
_MAPS = {
    "array": ["-DMAP_TYPE=BPF_MAP_TYPE_ARRAY", "-DINDEXED"],
    "hash": ["-DMAP_TYPE=BPF_MAP_TYPE_HASH"],
    "lru_hash": ["-DMAP_TYPE=BPF_MAP_TYPE_LRU_HASH"],
    "lru_percpu_hash": ["-DMAP_TYPE=BPF_MAP_TYPE_LRU_PERCPU_HASH", "-DPER_CPU"],
    "percpu_array": ["-DMAP_TYPE=BPF_MAP_TYPE_PERCPU_ARRAY", "-DINDEXED", "-DPER_CPU"],
    "percpu_hash": ["-DMAP_TYPE=BPF_MAP_TYPE_PERCPU_HASH", "-DPER_CPU"],
}

_HISTOGRAM_MAPS = ["hash", "percpu_array", "percpu_hash"]

# Sources without .bpf.c, and their maps.
_SOURCES = {
    "counter_helper": _MAPS.keys(),
    "counter_plain": _MAPS.keys(),
    "entries_helper": _HISTOGRAM_MAPS,
    "entries_plain": _HISTOGRAM_MAPS,
    "value_helper": _HISTOGRAM_MAPS,
    "value_plain": _HISTOGRAM_MAPS,
}

def measured_objects():
    """Makes SOURCE_MAP.bpf.o of each source for each of its maps.

    Returns:
      the labels of the objects, and of empty.bpf.o.
    """
    bpf_object(name = "empty", src = "empty.bpf.c", hdrs = _HDRS)
    objects = [":empty"]
    for source, maps in _SOURCES.items():
        for kind in maps:
            name = source + "_" + kind
            bpf_object(
                name = name,
                src = source + ".bpf.c",
                hdrs = _HDRS,
                copts = _MAPS[kind],
            )
            objects.append(":" + name)
    return objects
