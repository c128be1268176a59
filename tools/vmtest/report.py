#!/usr/bin/python3
"""What the machines of tools/vmtest left behind, judged.

Prints for each kernel how the exporter did and a total, compares each program of the catalogue
with the table in the README, writes results.json beside the logs, and rewrites the table when
told to. Exits 1 if a kernel that gates failed, or a program does less there than the table says.
"""

import argparse
import json
import pathlib
import sys

import catalogue
import checks
import pages
import table


def read_events(path):
    """The events of a machine: a list of lists of fields."""
    if not path.exists():
        return []
    lines = path.read_text(errors="replace").splitlines()
    return [line.split("\t") for line in lines]


def read_kernel(directory):
    """Everything that one kernel's run says."""
    events = read_events(directory / "events")
    result = {"release": "", "tests": [], "exporter": {}, "programs": {}}
    for event in events:
        if event[0] == "up":
            result["release"] = event[1]
        elif event[0] == "result":
            keys = ("name", "status", "seconds", "detail")
            result["tests"].append(dict(zip(keys, event[1:])))
    result["ended"] = (directory / "ended").exists()
    return result


def judge_exporter(directory, programs):
    """What is wrong with each of the exporter's two runs, and what its programs did."""
    findings, states = {}, {}
    for name in ("default", "all"):
        findings[name] = checks.check_run(directory / "results" / name)
    page = pages.read(directory / "results" / "all" / "after")
    if page:
        states = {p: catalogue.state_of(p, metrics, page) for p, metrics in programs.items()}
    return findings, states


def print_kernel(line, kernel, findings):
    """The lines of one kernel; returns how many failed."""
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for test in kernel["tests"]:
        counts[{"partly": "passed"}.get(test["status"], test["status"])] += 1
    for name, found in findings.items():
        status = "failed" if found else "passed"
        counts[status] += 1
        print(f"{line:7} {status:8}           exporter {name}")
        for finding in found:
            print(f"{line:7}          {finding}")
    if not kernel["ended"]:
        counts["failed"] += 1
        print(f"{line:7} failed             the machine did not come to its end")
    total = ", ".join(f"{number} {word}" for word, number in counts.items())
    print(f"{line:7} {kernel['release'] or 'never came up'}: {total}")
    return counts["failed"]


def main():
    flags = argparse.ArgumentParser()
    flags.add_argument("--logs", type=pathlib.Path, required=True)
    flags.add_argument("--kernels", required=True)
    flags.add_argument("--gates", required=True)
    flags.add_argument("--all-kernels", required=True)
    flags.add_argument("--readme", type=pathlib.Path, required=True)
    flags.add_argument("--programs", type=pathlib.Path, required=True)
    flags.add_argument("--write", action="store_true")
    options = flags.parse_args()

    programs = catalogue.read(options.programs)
    committed = table.Table.parse(options.readme.read_text())
    results, failed = {}, False
    for line in options.all_kernels.split(","):
        directory = options.logs / line
        kernel = read_kernel(directory)
        findings, kernel["programs"] = judge_exporter(directory, programs)
        kernel["exporter"] = findings
        results[line] = kernel
        if line not in options.kernels.split(","):
            continue
        failures = print_kernel(line, kernel, findings)
        for finding in committed.less_than_promised(line, kernel["programs"]):
            print(f"{line:7} failed   {finding}")
            failures += 1
        failed |= failures > 0 and line in options.gates.split(",")

    (options.logs / "results.json").write_text(json.dumps(results, indent=1))
    print(f"logs: {options.logs}")
    if options.write:
        options.readme.write_text(table.write(options.readme.read_text(), results))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
