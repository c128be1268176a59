#!/usr/bin/env python3
"""Writes compile_commands.json for clangd and clang-tidy from what Bazel would run.

    compile_commands.py [OUTPUT-FILE]     (default: compile_commands.json at the top)
"""

import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
BAZEL = os.path.join(ROOT, "tools/bazel")

# Options of gcc that clang does not know, and those about output files. Preludes need not be built,
# and tools should see what a file includes itself.
DROPPED = {"-fno-canonical-system-headers", "-Wno-free-nonheap-object",
           "-Wunused-but-set-parameter", "-MD"}
DROPPED_WITH_VALUE = {"-MF", "-o", "-include-pch"}


def bazel(*arguments):
    command = [BAZEL, *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout.decode()


def arguments_for_clang(arguments, source):
    """The command line without what clang rejects, naming the source by its full path."""
    kept = ["clang++"]
    rest = iter(arguments[1:])
    for argument in rest:
        if argument in DROPPED_WITH_VALUE:
            next(rest)
        elif argument == source:
            kept.append(os.path.join(ROOT, source))
        elif argument not in DROPPED:
            kept.append(argument)
    return kept


def main():
    output = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "compile_commands.json")
    # Bazel runs compilers in its execution root, where external/ and bazel-out/ are.
    directory = bazel("info", "execution_root").strip()
    graph = json.loads(bazel("aquery", "--output=jsonproto", 'mnemonic("CppCompile", //...)'))
    commands = []
    for action in graph.get("actions", []):
        arguments = action["arguments"]
        source = arguments[arguments.index("-c") + 1] if "-c" in arguments else ""
        if source and os.path.exists(os.path.join(ROOT, source)):
            commands.append({"directory": directory, "file": os.path.join(ROOT, source),
                             "arguments": arguments_for_clang(arguments, source)})
    with open(output, "w", encoding="utf-8") as file:
        json.dump(commands, file, indent=1)
    print(f"{output}: {len(commands)} files", file=sys.stderr)


if __name__ == "__main__":
    main()
