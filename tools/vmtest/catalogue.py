"""The programs of the catalogue: what they promise, and what they did on one kernel."""

import re

import pages

_SECTION = re.compile(r"( *)(counters|gauges|histograms):")
_NAME = re.compile(r"( *)- name: *(\S+)")


def metrics_of(text):
    """The metrics of one YAML file, found by its indentation."""
    metrics, section, item = [], None, None
    for line in text.splitlines():
        depth = len(line) - len(line.lstrip())
        started, named = _SECTION.match(line), _NAME.match(line)
        if started:
            section, item = len(started.group(1)), None
        elif section is not None and line.strip() and depth < section:
            section = None
        elif section is not None and named and item in (None, depth):
            item = depth
            metrics.append(named.group(2))
    return metrics


def read(directory):
    """Metrics by program, from NAME.yaml of a directory."""
    return {path.stem: metrics_of(path.read_text()) for path in sorted(directory.glob("*.yaml"))}


def state_of(program, metrics, page):
    """How much of a program is at work, by the exporter's own metrics, and what it counted."""
    at_work = {labels["id"] for name, labels, value in page
               if name == "ebpf_exporter_ebpf_program_attached" and value == 1}
    functions = {labels["program"] for name, labels, _ in page
                 if name == "ebpf_exporter_ebpf_program_info"
                 and labels["config"] == program and labels["id"] in at_work}
    failed = {labels["program"]: labels["reason"] for name, labels, _ in page
              if name == "ebpf_exporter_attach_failed" and labels["config"] == program}
    series = {metric: pages.series_of(page, "ebpf_exporter_" + metric) for metric in metrics}
    return {
        "attached": len(functions),
        "functions": len(functions | (failed.keys() - {""})),
        "failed": failed,
        "series": series,
    }


def counting(state):
    """How many of a program's metrics have a series above 0."""
    return sum(1 for series in state["series"].values() if series)


def is_whole(state):
    """Does a program do all that it promises?"""
    return (state["attached"] > 0 and not state["failed"]
            and counting(state) == len(state["series"]))
