"""The exporter end to end: was what the machine's load did counted, and can all of it be read?"""

import pages

# The load's name for what it did, the program that counts it, the sample, its labels. Each
# rises by at least as much; what else goes on in the machine is little.
_COUNTED = (
    ("getppid", "syscalls", "syscalls_total", {"name": "getppid"}),
    ("fork", "process", "process_events_total", {"event": "process_start"}),
    ("thread", "process", "process_events_total", {"event": "thread_start"}),
    ("page", "page_faults", "page_faults_total", {"mode": "user"}),
    ("tcp_connect", "tcp", "tcp_connect_latency_seconds_count", {"family": "ipv4"}),
    ("tcp_refused", "tcp", "tcp_connect_failures_total", {"family": "ipv4"}),
    ("tcp_retransmit", "tcp", "tcp_retransmits_total", {"family": "ipv4"}),
    ("sleep", "runqlat", "run_queue_latency_seconds_count", {}),
    ("tcp_connect", "softirq_latency", "softirq_service_latency_seconds_count", {"kind": "net_rx"}),
    ("tcp_connect", "timers", "timers_started_total", {}),
    ("direct_write /tmp", "bio", "bio_size_bytes_count", {"operation": "write"}),
    ("direct_write /xfs", "bio", "bio_size_bytes_count", {"operation": "read"}),
    ("dns_query", "dns", "dns_queries_total", {"qname": "vmtest.example"}),
    ("tcp_connect", "accept", "accept_latency_seconds_count", {"family": "ipv4"}),
    ("sleep", "cpu_idle", "cpu_idle_seconds_count", {}),
    ("sleep", "cpu_samples", "cpu_samples_total", {}),
    ("exception", "cxx_exceptions", "cxx_exceptions_total", {"event": "throw"}),
    ("exception", "cxx_exceptions", "cxx_exceptions_total", {"event": "rethrow"}),
    ("name", "getaddrinfo", "getaddrinfo_latency_seconds_count", {"outcome": "found"}),
    ("name", "getaddrinfo", "getaddrinfo_latency_seconds_count", {"outcome": "failed"}),
    ("ping", "icmp", "icmp_messages_total", {"direction": "sent", "type": "echo_request"}),
    ("ping", "icmp", "icmp_messages_total", {"direction": "received", "type": "echo_reply"}),
    ("sleep", "irq_latency", "irq_service_latency_seconds_count", {}),
    ("dns_query", "kfree_skb", "kfree_skb_total", {}),
    ("malloc", "malloc", "libc_malloc_calls_total", {}),
    ("dns_query", "napi", "napi_packets_total", {"device": "(none)"}),
    ("neighbour", "neighbours", "neighbour_events_total", {"family": "ipv6", "event": "create"}),
    ("neighbour", "neighbours", "neighbour_events_total", {"family": "ipv6", "event": "release"}),
    ("dns_query", "net_packets", "net_packet_size_bytes_count", {"direction": "sent"}),
    ("dns_query", "net_packets", "net_packet_size_bytes_count", {"direction": "received"}),
    ("tcp_refused", "socket_errors", "socket_errors_total", {"call": "connect", "error": "ECONNREFUSED"}),
    ("ping_overflow", "socket_memory", "socket_memory_shortages_total", {"shortage": "queue_full", "protocol": "icmp"}),
    ("tcp_retransmit", "tcp_congestion", "tcp_congestion_states_total", {"state": "loss"}),
    ("tcp_connect", "tcp_lifetime", "tcp_connection_lifetime_seconds_count", {"family": "ipv4"}),
    ("tcp_unread", "tcp_resets", "tcp_resets_total", {"direction": "sent"}),
    ("tcp_refused", "tcp_resets", "tcp_resets_total", {"direction": "received"}),
    ("tcp_connect", "tcp_rtt", "tcp_smoothed_rtt_seconds_count", {"family": "ipv4"}),
    ("tcp_connect", "tcp_syn_backlog", "tcp_syn_backlog_count", {}),
    ("tcp_window", "tcp_zero_windows", "tcp_zero_windows_total", {"direction": "sent"}),
    ("tcp_window", "tcp_zero_windows", "tcp_zero_windows_total", {"direction": "received"}),
    ("udp_overflow", "udp_drops", "udp_fail_queue_rcv_skbs_total", {"error": "ENOMEM"}),
    ("unix_message", "unix_sockets", "unix_socket_calls_total", {"direction": "sent"}),
    ("unix_message", "unix_sockets", "unix_socket_calls_total", {"direction": "received"}),
    ("dns_query", "xdp", "xdp_incoming_packets_total", {"protocol": "udp"}),
    ("vfork", "blocked", "task_blocked_seconds_count", {"reason": "other"}),
    ("cpu_quota", "cfs_throttling", "cfs_throttled_seconds_count", {}),
    ("sleep", "cgroup_cpu", "cgroup_time_slice_seconds_count", {}),
    ("migration", "cgroup_migrations", "cgroup_sched_migrations_total", {}),
    ("fork", "lifetime", "process_lifetime_seconds_count", {}),
    ("signal", "signals", "signals_total", {"signal": "usr1", "result": "ignored"}),
    ("signal", "signals", "signals_total", {"signal": "usr2", "result": "delivered"}),
    ("getppid", "syscall_latency", "syscall_latency_seconds_count", {"name": "getppid"}),
    ("unmap", "tlb", "tlb_flushes_total", {"reason": "local_mm_shootdown"}),
    ("no_name /tmp", "dentry_cache", "dentry_cache_lookups_total", {"op": "miss"}),
    ("use_file /tmp", "ext4", "ext4_latency_seconds_count", {"operation": "read"}),
    ("use_file /tmp", "ext4", "ext4_latency_seconds_count", {"operation": "write"}),
    ("use_file /tmp", "ext4", "ext4_latency_seconds_count", {"operation": "open"}),
    ("use_file /tmp", "ext4", "ext4_latency_seconds_count", {"operation": "fsync"}),
    ("use_file /xfs", "xfs", "xfs_latency_seconds_count", {"operation": "read"}),
    ("use_file /xfs", "xfs", "xfs_latency_seconds_count", {"operation": "write"}),
    ("use_file /xfs", "xfs", "xfs_latency_seconds_count", {"operation": "open"}),
    ("use_file /xfs", "xfs", "xfs_latency_seconds_count", {"operation": "fsync"}),
    ("drop_caches", "xfs_reclaim", "xfs_reclaim_latency_seconds_count", {"operation": "count"}),
    ("drop_caches", "shrinker", "shrinker_latency_seconds_count", {}),
    ("oom_kill", "oom", "oom_kills_total", {}),
    ("memory_limit /tmp", "reclaim", "reclaim_latency_seconds_count", {"kind": "memcg"}),
    ("sync /tmp", "writeback", "writeback_latency_seconds_count", {"reason": "sync"}),
)


def check_run(directory, counted=_COUNTED, events=()):
    """What is wrong with one run of the exporter, a line for each finding.

    `events`: metrics that are counted by the exporter and lie in no map."""
    findings = []
    texts = {name: _text(directory / name) for name in
             ("before", "after", "load", "exit_code", "replay_exit_code", "replayed")}
    for name in ("before", "after", "replayed"):
        try:
            if not pages.parse(texts[name]):
                findings.append(f"{name}: no metrics")
        except (pages.NotAPage, ValueError) as error:
            findings.append(f"{name}: not a metrics page: {error}")
    for name in ("exit_code", "replay_exit_code"):
        if texts[name].strip() != "0":
            findings.append(f"{name}: {texts[name].strip() or 'none'}")
    if findings:
        return findings
    before, after = pages.parse(texts["before"]), pages.parse(texts["after"])
    in_maps = [row for row in counted if row[2] not in events]
    findings += _not_replayed(after, pages.parse(texts["replayed"]), in_maps)
    return findings + _not_counted(before, after, load_of(directory / "load"), counted)


def check_locked(directory):
    """What is wrong with the runs under lockdown, a line for each finding."""
    findings = []
    for name in ("integrity", "integrity.kprobe"):
        findings += [f"{name}: {line}" for line in _all_at_work(directory / name)]
    for name in ("confidentiality", "confidentiality.kprobe"):
        findings += [f"{name}: {line}" for line in _refusals_explained(directory / name)]
    if "(confidentiality" not in _text(directory / "confidentiality.kprobe" / "log"):
        findings.append("confidentiality.kprobe: nobody says that lockdown forbids it")
    return findings


def _all_at_work(directory):
    if _text(directory / "exit_code").strip() != "0":
        return ["exit code " + (_text(directory / "exit_code").strip() or "missing")]
    page = pages.parse(_text(directory / "page"))
    return [f"{labels['config']} {labels['program']}: {labels['reason']}"
            for name, labels, _ in page if name == "ebpf_exporter_attach_failed"]


def _refusals_explained(directory):
    """Whatever does not work under lockdown says that it is lockdown."""
    lines = _text(directory / "log").splitlines()
    if not lines:
        return ["no log"]
    return [f"not explained: {line}" for line in lines
            if " reason=" in line and "locked down (confidentiality" not in line]


def _text(path):
    return path.read_text(errors="replace") if path.exists() else ""


def load_of(path):
    """What a load says that it did: times by name."""
    done = {}
    for line in _text(path).splitlines():
        name, _, times = line.rpartition(" ")
        done[name] = int(times)
    return done


def _not_replayed(page, replayed, counted):
    """What the load made the exporter serve, tabledump reads from the capture."""
    served = {name for name, labels, value in page
              if value > 0 and any(name == "ebpf_exporter_" + row[2] for row in counted)}
    read = {name for name, _, value in replayed if value > 0}
    return [f"tabledump has no {name}" for name in sorted(served - read)]


def _not_counted(before, after, done, counted):
    findings = []
    broken = {labels["config"] for name, labels, _ in after
              if name == "ebpf_exporter_attach_failed" and not labels["program"]}
    served = {labels["config"] for name, labels, _ in after if name == "ebpf_exporter_config_ok"}
    for did, program, sample, labels in counted:
        if program not in served - broken:
            continue  # the table says so
        sample = "ebpf_exporter_" + sample
        rise = pages.sum_of(after, sample, labels) - pages.sum_of(before, sample, labels)
        if rise < done.get(did, 1):
            findings.append(f"{did} {done.get(did)} times, but {sample} {labels} rose by {rise:g}")
    return findings
