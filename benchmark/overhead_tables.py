#!/usr/bin/python3
"""Writes what benchmark/measure_overhead measured into the READMEs, between their markers.

    benchmark/overhead_tables.py DIR          DIR has probes.json, config.json and count.json
    benchmark/overhead_tables.py DIR --print  prints the tables and writes nothing
"""

import json
import pathlib
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
KINDS = "tracepoint raw_tp tp_btf fentry fexit kprobe kretprobe uprobe uretprobe perf_event".split()
MAPS = "hash lru_hash percpu_hash array percpu_array".split()
PROGRAMS = (("empty", ""), ("simple", "hash"), ("complex", "hash"))
# getpid alone, and what an empty, a simple and a complex program add, in ns.
PUBLISHED = (
    ("1.x: Xeon E5-2630 v3 2.4 GHz, Linux 4.14.15, kprobe", 316, (None, 108, 331)),
    ("2.x: Apple M1 in QEMU, Linux 6.5-rc1, tracepoint", 117, (15, 35, 96)),
    ("2.x: the same, fentry", 117, (24, 42, 103)),
    ("2.x: the same, kprobe", 117, (137, 160, 229)),
)


def number(value):
    """Three digits or so: 0.8, 24, 1,156."""
    return f"{value:.1f}" if abs(value) < 10 else f"{value:,.0f}"


def table(heading, rows):
    """A table of Markdown."""
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def find(results, **names):
    """The first result with these names, or None."""
    for result in results:
        if all(result.get(name) == value for name, value in names.items()):
            return result
    return None


def is_measured(result):
    return result is not None and "unavailable" not in result and result["samples"] > 0


def added(result):
    """`90 [89, 91], 51 %`, or why there is no number."""
    if not is_measured(result):
        return "-"
    if not result["distinguishable"]:
        return "noise"
    low, high = number(result["ci_low_ns"]), number(result["ci_high_ns"])
    percent = 100 * result["median_ns"] / result["baseline_ns"]
    return f"{number(result['median_ns'])} [{low}, {high}], {number(percent)} %"


def host_line(report):
    """What it was measured on."""
    facts = report["environment"]
    rounds = max((r["samples"] for r in report["results"] if is_measured(r)), default=0)
    load = facts["load"].split()[0]
    return (f"{facts['kernel']}, {facts['cpu']}, {facts['cpus'].split(',')[0]}, {facts['virtualisation']}; "
            f"load {load} at the start, {rounds} rounds.")


def kind_row(results, kind):
    """The three programs of a kind, or the reason why it is not here."""
    cells = [find(results, kind=kind, program=program, map=name, cpus=1) for program, name in PROGRAMS]
    if not any(map(is_measured, cells)):
        reason = cells[0]["unavailable"] if cells[0] else "not measured"
        return [f"`{kind}`", "not here: " + reason.replace("|", "\\|")] + [""] * 5
    row = [f"`{kind}`"]
    for cell in cells:
        row += [added(cell), number(cell["run_time_ns"]) if is_measured(cell) else "-"]
    return row


def map_table(results):
    """A counter in each map, on one CPU and on all."""
    rows = []
    for cpus in sorted({r["cpus"] for r in results if r["kind"] == "raw_tp"}):
        cells = [find(results, kind="raw_tp", program="simple", map=name, cpus=cpus) for name in MAPS]
        rows.append([f"added, {cpus} CPU{'s' if cpus > 1 else ''}"] + [added(cell) for cell in cells])
    alone = [find(results, kind="raw_tp", program="simple", map=name, cpus=1) for name in MAPS]
    rows.append(["in it"] + [number(cell["run_time_ns"]) if is_measured(cell) else "-" for cell in alone])
    return table(["`raw_tp`, simple"] + MAPS, rows)


def published_table(report):
    """Published figures beside ours."""
    def cell(value, baseline):
        return "" if value is None else f"+{value:.0f} ({100 * value / baseline:.0f} %)"

    rows = [[name, baseline] + [cell(value, baseline) for value in values] for name, baseline, values in PUBLISHED]
    for kind in KINDS[:6]:
        cells = [find(report["results"], kind=kind, program=program, map=name, cpus=1) for program, name in PROGRAMS]
        if all(is_measured(c) and c["distinguishable"] for c in cells):
            rows.append([f"here, {kind}", number(report["baseline_ns"])] +
                        [cell(c["median_ns"], c["baseline_ns"]) for c in cells])
    return table(["", "alone", "empty", "simple", "complex"], rows)


def probes_block(report):
    results = report["results"]
    faults = find(results, kind="perf_event", program="empty", cpus=1)
    control = find(results, kind="none")
    heading = ["kind", "empty", "in it", "simple, hash", "in it", "complex, hash", "in it"]
    text = host_line(report) + (
        f" Nanoseconds added to getppid, which takes {report['baseline_ns']:.1f} alone"
        + (f" (of `perf_event`: to a page fault, which takes {number(faults['baseline_ns'])})" if is_measured(faults) else "")
        + ", with the interval of 95 % and the share of the operation; `in it` is run time within the program, less the "
        f"{report['stats_cost_ns']:.1f} that the accounting takes itself. The control, no program against no program, was "
        + ("a difference, which is wrong: measure again." if control["distinguishable"] else
           f"noise (within {max(abs(control['ci_low_ns']), abs(control['ci_high_ns'])):.1f})."))
    return "\n\n".join([text, table(heading, [kind_row(results, kind) for kind in KINDS]), map_table(results),
                        "![what each program adds, with intervals](overhead.svg)",
                        "Beside what others published of getpid (other machines, other kernels, so no more than an order "
                        "of magnitude):", published_table(report)])


def helpers_block(report):
    """The helpers against plain code; cheaper is below zero."""
    rows = []
    for pair in report["helpers"]:
        low, high = pair["ci_low_ns"], pair["ci_high_ns"]
        what = f"{pair['difference_ns']:+.1f} [{low:.1f}, {high:.1f}]" if pair["significant"] else \
            f"no difference (within {max(abs(low), abs(high)):.1f})"
        rows.append([f"`{pair['kind']}`", pair["program"], pair["map"], number(pair["plain_ns"]), what])
    dearer = [p for p in report["helpers"] if p["significant"] and p["difference_ns"] > 0]
    cheaper = [p["difference_ns"] for p in report["helpers"] if p["significant"] and p["difference_ns"] < 0]
    said = "No helper is dearer than plain code" if not dearer else f"{len(dearer)} helpers are dearer than plain code"
    if cheaper:
        said += f"; {len(cheaper)} of {len(rows)} are cheaper, by {-max(cheaper):.1f} to {-min(cheaper):.1f} ns"
    else:
        said += "; none can be told to be cheaper"
    samples = max((p["samples"] for p in report["helpers"]), default=0)
    return "\n\n".join([f"{report['environment']}, {samples} rounds. {said}, of what is added to a getppid of "
                        f"{report['baseline_ns']:.0f} ns.",
                        table(["kind", "counting", "map", "plain", "helper - plain"], rows)])


def config_block(report):
    """Configurations under their workloads."""
    rows = []
    for result in report["results"]:
        if is_measured(result):
            rows.append([f"`{result['program']}`", result["kind"], number(result["baseline_ns"]), added(result),
                         number(result["run_time_ns"]), number(result["runs_per_operation"])])
        else:
            rows.append([f"`{result['program']}`", result["kind"], "not here: " + result["unavailable"], "", "", ""])
    return "\n\n".join([host_line(report), table(
        ["configuration", "workload", "one operation, ns", "added", "in the programs", "runs for it"], rows)])


def counting_cells(results, program, name, empty):
    """Helper and plain beyond the empty program."""
    cells = [find(results, kind="tp_btf", program=program, map=name, code=code, cpus=1) for code in ("helper", "plain")]
    return [number(cell["median_ns"] - empty) if is_measured(cell) else "" for cell in cells]


def contended_cell(results, name, empty):
    """What a second CPU under the same key adds."""
    one, two = (find(results, kind="tp_btf", program="counter", map=name, code="helper", cpus=cpus) for cpus in (1, 2))
    empty_two = find(results, kind="tp_btf", program="empty", cpus=2)
    if not is_measured(two) or not is_measured(empty_two):
        return "-"
    return number((two["median_ns"] - empty_two["median_ns"]) - (one["median_ns"] - empty))


def counting_block(report):
    """The table of bpf/README.md."""
    results = report["results"]
    empty = find(results, kind="tp_btf", program="empty", cpus=1)["median_ns"]
    rows = []
    for name in "percpu_array array hash percpu_hash lru_hash lru_percpu_hash".split():
        walks = [find(results, kind="tp_btf", program=program, map=name, code="helper", cpus=1)
                 for program in ("counter", "value", "entries")]
        rows.append([f"`{name.upper()}`", *counting_cells(results, "counter", name, empty),
                     contended_cell(results, name, empty),
                     *counting_cells(results, "value", name, empty), *counting_cells(results, "entries", name, empty),
                     *[number(walk["walk_ns"]) if is_measured(walk) else "" for walk in walks]])
    samples = max(r["samples"] for r in results if "samples" in r)
    return "\n\n".join([table(
        ["map", "counter, helper", "plain", "2nd CPU", "slots in the value, helper", "plain",
         "an entry for each slot, helper", "plain", "read: counter", "value", "entries"], rows),
        f"{report['environment']}, {samples} rounds. getppid alone takes {report['baseline_ns']:.0f} ns; a "
        f"tp_btf/sys_enter program that asks whose call it is and does nothing adds {empty:.0f}."])


def replace(text, name, block):
    """The text with the block between its markers."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, rest = text.split(begin)
    return before + begin + "\n" + block + "\n" + end + rest.split(end)[1]


def main():
    directory = pathlib.Path(sys.argv[1])
    probes, config, count = (json.loads((directory / name).read_text())
                             for name in ("probes.json", "config.json", "count.json"))
    blocks = {
        "benchmark/README.md": {"probes": probes_block(probes), "config": config_block(config),
                                "helpers": helpers_block(count)},
        "bpf/README.md": {"counting": counting_block(count)},
    }
    for name, parts in blocks.items():
        if "--print" in sys.argv[2:]:
            print("\n\n".join(parts.values()))
            continue
        text = (TOP / name).read_text()
        for part, block in parts.items():
            text = replace(text, part, block)
        (TOP / name).write_text(text)


if __name__ == "__main__":
    main()
