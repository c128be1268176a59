#!/usr/bin/python3
"""Tests of overhead_tables.py: benchmark/overhead_tables_test.py"""

import unittest

import overhead_tables as tables


def result(kind, program, **more):
    """A result as overhead-bench and count write it, measured unless it says otherwise."""
    made = {"kind": kind, "program": program, "map": "", "cpus": 1, "median_ns": 100.0, "ci_low_ns": 99.0,
            "ci_high_ns": 102.0, "baseline_ns": 200.0, "run_time_ns": 20.0, "distinguishable": True, "samples": 21}
    made.update(more)
    return made


def report(results):
    facts = {"kernel": "Linux 6", "cpu": "x", "cpus": "2 online, 2 to use", "virtualisation": "none seen", "load": "0.1 0"}
    return {"environment": facts, "baseline_ns": 200.0, "stats_cost_ns": 45.0, "results": results}


NONE = result("none", "none", median_ns=0.1, ci_low_ns=-0.2, ci_high_ns=0.3, distinguishable=False)


class ProbesTest(unittest.TestCase):
    def test_shows_the_interval_and_the_share(self):
        block = tables.probes_block(report([NONE, result("raw_tp", "empty"), result("raw_tp", "simple", map="hash")]))
        self.assertIn("| `raw_tp` | 100 [99, 102], 50 % | 20 | 100 [99, 102], 50 % | 20 | - | - |", block)
        self.assertIn("was noise (within 0.3).", block)

    def test_a_reason_stands_in_place_of_numbers(self):
        gone = {"kind": "kprobe", "program": "empty", "map": "", "cpus": 1, "unavailable": "no | kprobes"}
        self.assertIn("| `kprobe` | not here: no \\| kprobes |", tables.probes_block(report([NONE, gone])))

    def test_noise_is_no_number(self):
        block = tables.probes_block(report([NONE, result("raw_tp", "empty", distinguishable=False)]))
        self.assertIn("| `raw_tp` | noise | 20 |", block)

    def test_published_figures_stand_beside_whole_rows_alone(self):
        whole = [result("raw_tp", "empty"), result("raw_tp", "simple", map="hash"), result("raw_tp", "complex", map="hash")]
        block = tables.published_table(report(whole + [result("tp_btf", "empty")]))
        self.assertIn("| here, raw_tp | 200 | +100 (50 %) | +100 (50 %) | +100 (50 %) |", block)
        self.assertNotIn("tp_btf", block)
        self.assertIn("| 1.x: Xeon E5-2630 v3 2.4 GHz, Linux 4.14.15, kprobe | 316 |  | +108 (34 %) | +331 (105 %) |", block)


class HelpersTest(unittest.TestCase):
    def block(self, *differences):
        pairs = [{"kind": "tp_btf", "program": "simple", "map": "hash", "plain_ns": 150.0, "difference_ns": value,
                  "ci_low_ns": value - 1, "ci_high_ns": value + 1, "significant": abs(value) > 1, "samples": 21}
                 for value in differences]
        return tables.helpers_block({"environment": "Linux 6", "baseline_ns": 200.0, "helpers": pairs})

    def test_says_by_how_much_they_are_cheaper(self):
        block = self.block(-4.0, -2.0, 0.1)
        self.assertIn("No helper is dearer than plain code; 2 of 3 are cheaper, by 2.0 to 4.0 ns", block)
        self.assertIn("| -4.0 [-5.0, -3.0] |", block)
        self.assertIn("| no difference (within 1.1) |", block)

    def test_says_so_if_one_is_dearer(self):
        self.assertIn("1 helpers are dearer than plain code; none can be told to be cheaper", self.block(5.0))


class CountingTest(unittest.TestCase):
    def test_takes_the_empty_program_off(self):
        names = {"code": "helper", "walk_ns": 240.0}
        block = tables.counting_block({"environment": "Linux 6", "baseline_ns": 200.0, "results": [
            result("tp_btf", "empty", median_ns=90.0), result("tp_btf", "empty", median_ns=95.0, cpus=2),
            result("tp_btf", "counter", map="hash", median_ns=141.0, **names),
            result("tp_btf", "counter", map="hash", median_ns=150.0, cpus=2, **names)]})
        self.assertIn("| `HASH` | 51 |  | 4.0 |  |  |  |  | 240 |  |  |", block)


class ReplaceTest(unittest.TestCase):
    def test_leaves_what_is_around(self):
        text = "a\n<!-- x: begin -->\nold\n<!-- x: end -->\nb"
        self.assertEqual(tables.replace(text, "x", "new"), "a\n<!-- x: begin -->\nnew\n<!-- x: end -->\nb")


if __name__ == "__main__":
    unittest.main()
