"""Metrics pages in Prometheus' text format, as far as the reports need them."""

import re

_SAMPLE = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\.)*",?)*)\})? (\S+)')
_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


class NotAPage(Exception):
    """A line is neither a comment nor a sample."""


def parse(text):
    """A list of (name, labels, value); raises NotAPage."""
    samples = []
    for line in text.split("\n"):
        if not line or line.startswith("#"):
            continue
        match = _SAMPLE.fullmatch(line)
        if not match:
            raise NotAPage(line)
        name, labels, value = match.groups()
        samples.append((name, dict(_LABEL.findall(labels or "")), float(value)))
    return samples


def read(path):
    """The samples of a file; none if it is not there or not a page."""
    try:
        return parse(path.read_text())
    except (OSError, ValueError, NotAPage):
        return []


def sum_of(page, name, labels):
    """The sum of the samples of this name that have all these labels."""
    return sum(value for sample, found, value in page
               if sample == name and labels.items() <= found.items())


def series_of(page, metric):
    """How many series of a metric, without its buckets and sums, are above 0."""
    names = (metric, metric + "_count")
    return sum(1 for name, _, value in page if name in names and value > 0)
