#!/usr/bin/python3
"""What the machines of tools/vmtest left behind, judged.

Prints for each kernel how the exporter did and a total, compares each program of the catalogue
with the tables in the README, writes results.json beside the logs, and rewrites the tables when
told to. Exits 1 if a kernel that gates failed, or a program does less there than the table says.
"""

import argparse
import json
import pathlib
import sys

import catalogue
import checks
import inline
import pages
import table

STATUSES = ("passed", "partly", "failed", "skipped")
FIELDS = {"up": 2, "result": 4}  # at least, with the name of the event


def read_events(path):
    """The events of a machine: a list of lists of fields, without those that its end cut short."""
    if not path.exists():
        return []
    lines = path.read_text(errors="replace").splitlines()
    events = [line.split("\t") for line in lines]
    return [event for event in events if len(event) >= FIELDS.get(event[0], 1) and is_known(event)]


def is_known(event):
    """Whether a result is one of those that are counted."""
    return event[0] != "result" or event[2] in STATUSES


def read_kernel(directory):
    """Everything that one kernel's run says."""
    events = read_events(directory / "events")
    result = {"release": "", "tests": [], "programs": {}, "inline": {}}
    for event in events:
        if event[0] == "up":
            result["release"] = event[1]
        elif event[0] == "result":
            keys = ("name", "status", "seconds", "detail")
            result["tests"].append(dict(zip(keys, event[1:])))
    return result


def judge(directory, line, promises):
    """Events of one kernel, what is wrong beside the tests, and what each program did."""
    kernel, results = read_kernel(directory), directory / "results"
    page = pages.read(results / "all" / "after")
    if page:
        kernel["programs"] = {name: catalogue.state_of(name, metrics, page)
                              for name, metrics in promises.programs.items()}
    kernel["inline"] = inline.states_of(promises.inline, results)
    ended = (directory / "ended").exists()
    kernel["checks"] = {
        "machine": [] if ended else ["it did not come to its end"],
        "exporter with the default set": checks.check_run(results / "default"),
        "exporter with the whole catalogue": checks.check_run(results / "all"),
        "exporter with inline code": inline.check(results, line, promises.inline),
        "exporter under lockdown": checks.check_locked(results / "locked"),
        "programs as in bpf/README.md": promises.less_than(line, kernel, "programs", table.CATALOGUE),
        "inline code as in bpf/README.md": promises.less_than(line, kernel, "inline", table.INLINE),
    }
    clang = inline.check_clang(results, line)
    if clang is not None:
        kernel["checks"]["exporter with a clang of its own"] = clang
    return kernel


class Promises:
    """What the repository says of its programs."""

    def __init__(self, repository):
        self.readme = repository / "bpf/README.md"
        self.programs = catalogue.read(repository / "bpf/programs")
        self.inline = inline.read(repository)

    def less_than(self, line, kernel, which, name):
        if not kernel[which]:
            return ["the exporter served nothing"]
        return table.Table.parse(self.readme.read_text(), name).less_than_promised(line, kernel[which])

    def write(self, results):
        """The tables, of what was seen."""
        releases = {line: kernel["release"] for line, kernel in results.items()}
        text = self.readme.read_text()
        for which, name in (("programs", table.CATALOGUE), ("inline", table.INLINE)):
            text = table.write(text, name, releases, {line: kernel[which] for line, kernel in results.items()})
        self.readme.write_text(text)


def print_failure(line, name, directory):
    """What a failed test said, in short."""
    log = directory / "results" / "tests" / (name.removeprefix("//").replace(":", "/") + ".log")
    if not log.exists():
        return
    text = log.read_text(errors="replace").splitlines()
    starts = [i for i, words in enumerate(text) if words.endswith(": Failure")] or [len(text) - 20]
    shown = sorted({i for start in starts for i in range(max(start, 0), start + 8) if i < len(text)})
    print(f"{line:7} {name}:")
    for i in shown[:60]:
        print("    " + text[i][:200])


def print_kernel(line, kernel, directory):
    """The lines of one kernel besides its tests', which were printed live; returns how many failed."""
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for test in kernel["tests"]:
        counts[{"partly": "passed"}.get(test["status"], test["status"])] += 1
        if test["status"] == "failed":
            print_failure(line, test["name"], directory)
    for name, findings in kernel["checks"].items():
        status = "failed" if findings else "passed"
        counts[status] += 1
        print(f"{line:7} {status:8}           {name}")
        for finding in findings:
            print(f"{line:7}          - {finding}")
    total = ", ".join(f"{number} {word}" for word, number in counts.items())
    print(f"{line:7} {kernel['release'] or 'no kernel'}: {total}")
    return counts["failed"]


def judge_all(options, promises):
    """All kernels, those that did not run now by their last run."""
    return {line: judge(options.logs / line, line, promises) for line in options.all_kernels.split(",")}


def main():
    flags = argparse.ArgumentParser()
    flags.add_argument("--logs", type=pathlib.Path, required=True)
    flags.add_argument("--kernels", required=True)
    flags.add_argument("--gates", required=True)
    flags.add_argument("--all-kernels", required=True)
    flags.add_argument("--repository", type=pathlib.Path, required=True)
    flags.add_argument("--write", action="store_true")
    options = flags.parse_args()

    promises = Promises(options.repository)
    if options.write:
        promises.write(judge_all(options, promises))
    results, failed = judge_all(options, promises), False
    for line in options.kernels.split(","):
        failures = print_kernel(line, results[line], options.logs / line)
        failed |= failures > 0 and line in options.gates.split(",")

    (options.logs / "results.json").write_text(json.dumps(results, indent=1))
    print(f"logs: {options.logs}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
