"""Inline code: what its programs promise, what they did on one kernel, and what was said of them."""

import re

import catalogue
import checks
import pages

# As in checks.py, of run_inline's load.
COUNTED = (
    ("tcp_connect", "accept", "accept_wait_seconds_count", {}),
    ("address_in_use", "address_in_use", "address_in_use_total", {"call": "bind"}),
    ("direct_write /tmp", "bio", "bio_latency_seconds_count", {"operation": "write"}),
    ("direct_write /tmp", "bio", "bio_size_bytes_count", {"operation": "read"}),
    ("direct_write /xfs", "bio_tracepoints", "disk_latency_seconds_count", {"operation": "write"}),
    ("direct_write /xfs", "bio_tracepoints", "disk_request_bytes_count", {"operation": "read"}),
    ("socket_filter", "bpf_jit", "bpf_jit_images_total", {}),
    ("use_file /tmp", "cgroup_opens", "cgroup_opens_total", {}),
    ("no_name /tmp", "dcache", "dcache_lookups_total", {"kind": "missing", "command": "inline_load"}),
    ("oom_kill", "oom_kills", "oom_kills_in_cgroups_total", {"whose_limit": "cgroup"}),
    ("sleep", "run_queue", "run_queue_wait_seconds_count", {}),
    ("sleep", "run_queue_kprobes", "run_queue_kprobes_wait_seconds_count", {}),
    ("memory_limit /tmp", "shrink", "shrink_node_seconds_count", {}),
    ("tcp_connect", "softirqs", "softirqs_total", {"kind": "net_rx"}),
    ("tcp_connect", "syn_backlog", "syn_backlog_count", {}),
    ("getppid", "syscall_latency", "syscall_seconds_count", {"call": "getppid"}),
    ("tcp_connect", "timers", "timer_starts_total", {}),
    ("tcp_connect", "timers_raw", "raw_timer_starts_total", {}),
    ("drop_caches", "xfs_reclaim", "xfs_reclaim_seconds_count", {"operation": "count"}),
)
_EVENTS = ("oom_kills_in_cgroups_total",)
# Kernel functions of the first page cache configuration, and which part of the load calls them.
# Who adds a page to the cache by this function is another one in each kernel.
_PAGE_CACHE = {
    "account_page_dirtied": {"": "new_page /tmp"},
    "add_to_page_cache_lru": {"5.10": "new_page /tmp", "6.1": "secret_page", "6.12": "packed_page"},
    "mark_buffer_dirty": {"": "new_page /tmp"},
    # The newest locks pages by folios; no part of the load comes by this function there.
    "mark_page_accessed": {"": "locked_page", "newest": None},
}
# How the table calls the first bio as it is, and migrated.
_FIRST_BIO, _MIGRATED_BIO = "bio", "bio, migrated"
_GONE = re.compile(r'cannot attach to \\"([^"\\]*)\\"')
_HOOK = re.compile(r"^(?:      [\w:.]+: \w+| +target: \w+)$", re.MULTILINE)


def read(repository):
    """Text by program, of each YAML file."""
    files = list((repository / "testdata/inline").glob("*.yaml")) + list((repository / "testdata/configs/seed").glob("*.yaml"))
    return {path.stem: path.read_text() for path in sorted(files)}


def states_of(programs, results):
    """What each program did, by name; none if the exporter served nothing."""
    page = pages.read(results / "inline" / "after")
    if not page:
        return {}
    log = _lines(results / "inline" / "log")
    states = {name: _state(name, text, page, log, _lines(results / "said" / name))
              for name, text in programs.items() if name != "bio"}
    states[_MIGRATED_BIO] = catalogue.state_of("bio", catalogue.metrics_of(programs["bio"]), page)
    states[_FIRST_BIO] = _state("bio", programs["bio"], pages.read(results / "first" / "page"),
                                _lines(results / "first" / "log"), _lines(results / "said" / "bio"))
    return states


def _state(name, text, page, log, said):
    """As catalogue.state_of(), but of hooks in place of functions: one function may have several."""
    state = catalogue.state_of(name, catalogue.metrics_of(text), page)
    hooks = len(_HOOK.findall(text.partition("    code:")[0]))
    gone = {match.group(1): "missing_hook" for line in log
            if f" config={name} " in line and " reason=missing_hook" in line
            for match in [_GONE.search(line)] if match}
    state["functions"] = hooks
    if state["attached"]:
        state["attached"] = hooks - len(gone)
    state["failed"] = gone
    errors = [line for line in said if ": error: " in line]
    if errors:
        state["attached"], state["failed"] = 0, {"": errors[0].partition(": error: ")[2].partition(";")[0]}
    return state


def check(results, line, programs):
    """What is wrong with inline code on a kernel, a line for each finding."""
    findings = checks.check_run(results / "inline", COUNTED, _EVENTS)
    findings += _check_page_cache(results / "inline", line, None)
    findings += _check_first_bio(results, programs["bio"])
    findings += [f"migrate: {text}" for text in _lines(results / "said" / "migrate")]
    return findings


def check_clang(results, line):
    """The same of code that the machine compiled itself; None where it has no clang."""
    if not (results / "said" / "clang").exists():
        return None
    findings = _check_page_cache(results / "clang", line, "page")
    for run, compiles in (("clang", True), ("clang.again", False)):
        log = _lines(results / run / "log")
        if any("compiling inline code" in text for text in log) != compiles:
            findings.append(f"{run}: {'nothing was compiled' if compiles else 'it was compiled again'}")
    return findings


def _check_page_cache(directory, line, page):
    """All functions that the kernel still has are counted by name, the others are named."""
    log = _lines(directory / "log")
    gone = {match.group(1) for text in log for match in [_GONE.search(text)] if match}
    after = pages.read(directory / (page or "after"))
    before = [] if page else pages.read(directory / "before")
    done = checks.load_of(directory / "load")
    findings = []
    for function, loads in _PAGE_CACHE.items():
        labels = {"op": function}
        rise = (pages.sum_of(after, "ebpf_exporter_page_cache_ops_total", labels)
                - pages.sum_of(before, "ebpf_exporter_page_cache_ops_total", labels))
        if function in gone:
            continue
        load = loads.get(line, loads.get(""))
        if load and rise < done.get(load, 1):
            findings.append(f"{load} {done.get(load)} times, but {function} rose by {rise:g}")
    names = {labels.get("op") for name, labels, _ in after if name == "ebpf_exporter_page_cache_ops_total"}
    return findings + [f"no function's name: {name}" for name in sorted(names - _PAGE_CACHE.keys())]


def _check_first_bio(results, text):
    """It is attached to what there is and says what there is not, or says why it does not compile."""
    errors = [line for line in _lines(results / "said" / "bio") if ": error: " in line]
    if errors:
        number = 1 + text.partition("->rq_disk")[0].count("\n")
        good = (len(errors) == 1 and errors[0].startswith(f"bio.yaml:{number}:")
                and "rq_disk" in errors[0] and "exporter migrate" in errors[0])
        return [] if good else [f"first bio: {line}" for line in errors]
    log = _lines(results / "first" / "log")
    gone = {match.group(1) for line in log for match in [_GONE.search(line)] if match}
    findings = [] if gone == {"blk_start_request", "blk_account_io_completion"} else [f"first bio: gone are {sorted(gone)}"]
    page = pages.read(results / "first" / "page")
    if pages.sum_of(page, "ebpf_exporter_ebpf_program_attached", {}) < 1:
        findings.append("first bio: nothing is attached")
    return findings


def _lines(path):
    return path.read_text(errors="replace").splitlines() if path.exists() else []
