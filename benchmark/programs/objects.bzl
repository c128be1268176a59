"""The programs that are measured: an object for each source and kind of map."""

load("//tools/build:bpf.bzl", "bpf_object")

_HDRS = [
    "complex_map.bpf.h",
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

_CHOICES = ["array", "hash", "lru_hash", "percpu_array", "percpu_hash"]

# Sources without .bpf.c, and their maps: how counting is written.
_SOURCES = {
    "counter_plain": _MAPS.keys(),
    "counter_helper": _MAPS.keys(),
    "entries_helper": _HISTOGRAM_MAPS,
    "entries_plain": _HISTOGRAM_MAPS,
    "value_helper": _HISTOGRAM_MAPS,
    "value_plain": _HISTOGRAM_MAPS,
}

# The same for kinds of programs: in each map on some kinds, in one map on all,
# since what a map costs is the same wherever it is counted in.
_PROBES = {
    "simple_helper": _CHOICES,
    "complex_helper": ["hash"],
}

# What the helpers are held against, on the kinds that all kernels have.
_PLAIN = {
    "simple_plain": ["array", "hash", "percpu_hash"],
    "complex_plain": ["hash"],
}
_ONE_MAP = {
    "simple_helper": ["hash"],
    "complex_helper": ["hash"],
}

_KINDS = {
    "fentry": _PROBES,
    "fexit": _ONE_MAP,
    "kprobe": _PROBES,
    "kretprobe": _ONE_MAP,
    "perf_event": _ONE_MAP,
    "raw_tp": dict(_PROBES.items() + _PLAIN.items()),
    "tp_btf": dict(_SOURCES.items() + _PROBES.items() + _PLAIN.items()),
    "tracepoint": dict(_PROBES.items() + _PLAIN.items()),
    "uprobe": _ONE_MAP,
    "uretprobe": _ONE_MAP,
}

def _measured_object(kind, source, name, macros):
    bpf_object(
        name = name,
        src = source + ".bpf.c",
        hdrs = _HDRS,
        copts = ["-DHOOK_" + kind.upper()] + macros,
        visibility = ["//cmd/overhead-bench:__pkg__"],
    )
    return ":" + name

def measured_objects():
    """Makes KIND_SOURCE_MAP.bpf.o of each source for each of its maps, and KIND_empty.bpf.o.

    Also raw_tp_nothing.bpf.o and raw_tp_loop.bpf.o, which calibrate.

    Returns:
      the labels of the objects.
    """
    objects = [
        _measured_object("raw_tp", source, "raw_tp_" + source, [])
        for source in ["nothing", "loop"]
    ]
    for kind, sources in _KINDS.items():
        objects.append(_measured_object(kind, "empty", kind + "_empty", []))
        for source, maps in sources.items():
            for name in maps:
                objects.append(_measured_object(
                    kind,
                    source,
                    "_".join([kind, source, name]),
                    _MAPS[name],
                ))
    return objects
