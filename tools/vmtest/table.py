"""The tables of the README: program x kernel."""

import re

import catalogue

CATALOGUE = "vmtest"
INLINE = "vmtest, inline code"
_CELL = re.compile(r"(\d+)/(\d+), (\d+)/(\d+)")


class Table:
    """Cells by program and kernel: (attached, functions, counting, metrics)."""

    def __init__(self, cells):
        self.cells = cells

    @staticmethod
    def parse(text, name):
        """The table between the markers of a name; empty if there is none."""
        rows = [line.strip("|").split("|") for line in _between(text, name).splitlines() if line.startswith("|")]
        cells = {}
        for row in rows[2:]:
            program = row[0].strip(" `")
            for kernel, cell in zip(rows[0][1:], row[1:]):
                match = _CELL.search(cell)
                if match:
                    cells[program, kernel.strip()] = tuple(map(int, match.groups()))
        return Table(cells)

    def less_than_promised(self, kernel, states):
        """A line for each program that does less on a kernel than the table says."""
        findings = []
        for program, state in states.items():
            promised = self.cells.get((program, kernel))
            if promised:
                less = state["attached"] < promised[0] or catalogue.counting(state) < promised[2]
            else:
                less = not catalogue.is_whole(state)
            if less:
                findings.append(f"{program}: {_cell(state)}{_why(state)}; the table says "
                                f"{_cell_text(promised) if promised else 'nothing'}")
        return findings


def begin(name):
    return f"<!-- {name}: begin -->"


def end(name):
    return f"<!-- {name}: end -->"


def _between(text, name):
    return text.partition(begin(name))[2].partition(end(name))[0]


def _cell_text(numbers):
    return "%d/%d, %d/%d" % numbers


def _cell(state):
    return _cell_text((state["attached"], state["functions"], catalogue.counting(state), len(state["series"])))


def _why(state):
    reasons = [f"`{function}` {reason}" if function else reason for function, reason in sorted(state["failed"].items())]
    reasons += [f"nothing in `{metric}`" for metric, series in state["series"].items() if not series]
    return ": " + ", ".join(reasons) if reasons else ""


def write(text, name, releases, results):
    """The README's text with the table made of these results: states by program, by kernel."""
    kernels = [kernel for kernel, programs in results.items() if programs]
    programs = sorted({program for kernel in kernels for program in results[kernel]})
    lines = ["| program | " + " | ".join(kernels) + " |", "|---" * (len(kernels) + 1) + "|"]
    notes = []
    for program in programs:
        states = [results[kernel].get(program) for kernel in kernels]
        lines.append(f"| `{program}` | " + " | ".join(_cell(state) if state else "" for state in states) + " |")
        for kernel, state in zip(kernels, states):
            if state and not catalogue.is_whole(state):
                notes.append(f"- `{program}` on {kernel}{_why(state)}")
    seen = ", ".join(releases[kernel] for kernel in kernels)
    block = "\n".join([begin(name), "", *lines, "", f"Kernels: {seen}.", *([""] if notes else []), *notes, "", end(name)])
    before, _, rest = text.partition(begin(name))
    return before + block + rest.partition(end(name))[2]
