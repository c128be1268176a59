#!/usr/bin/python3
"""Tests of what report.py is made of: tools/vmtest/report_test.py"""

import pathlib
import tempfile
import unittest

import catalogue
import checks
import inline
import pages
import report
import table

YAML = """# Two metrics, one with a list of labels.
programs:
  - name: bio
    object: bio.bpf.o
    metrics:
      histograms:
        - name: bio_latency_seconds
          labels: &disk
            - name: device
              decoders:
                - name: string
      counters:
        - name: bio_errors_total
          labels: *disk
    tracepoints:
      - name: not_a_metric
"""

PAGE = """# HELP ebpf_exporter_bio_latency_seconds Latency, with a "quote"
ebpf_exporter_bio_latency_seconds_bucket{device="a\\"b",le="+Inf"} 3
ebpf_exporter_bio_latency_seconds_sum{device="a\\"b"} 1.5e-05
ebpf_exporter_bio_latency_seconds_count{device="a\\"b"} 3
ebpf_exporter_bio_errors_total 0
ebpf_exporter_attach_failed{config="bio",program="bio_complete",reason="verifier"} 1
ebpf_exporter_ebpf_program_attached{id="7"} 1
ebpf_exporter_ebpf_program_attached{id="8"} 0
ebpf_exporter_ebpf_program_info{config="bio",id="7",program="bio_issue",tag="00"} 1
ebpf_exporter_ebpf_program_info{config="bio",id="8",program="bio_requeue",tag="01"} 1
"""

METRICS = ["bio_latency_seconds", "bio_errors_total"]


class PagesTest(unittest.TestCase):
    def test_samples(self):
        page = pages.parse(PAGE)
        self.assertEqual(len(page), 9)
        self.assertEqual(page[1], ("ebpf_exporter_bio_latency_seconds_sum", {"device": 'a\\"b'}, 1.5e-05))
        self.assertEqual(pages.series_of(page, "ebpf_exporter_bio_latency_seconds"), 1)
        self.assertEqual(pages.sum_of(page, "ebpf_exporter_ebpf_program_attached", {}), 1)

    def test_what_is_no_page(self):
        for text in ("<html>", "a 1 2 3", "a{b=c} 1", 'a{b="c} 1', "a", "a one"):
            with self.assertRaises((pages.NotAPage, ValueError), msg=text):
                pages.parse(text)


class CatalogueTest(unittest.TestCase):
    def test_metrics_are_found_and_labels_are_none(self):
        self.assertEqual(catalogue.metrics_of(YAML), METRICS)

    def test_state(self):
        state = catalogue.state_of("bio", METRICS, pages.parse(PAGE))
        self.assertEqual(state, {"attached": 1, "functions": 2, "failed": {"bio_complete": "verifier"},
                                 "series": {"bio_latency_seconds": 1, "bio_errors_total": 0}})
        self.assertFalse(catalogue.is_whole(state))


class TableTest(unittest.TestCase):
    def setUp(self):
        state = catalogue.state_of("bio", METRICS, pages.parse(PAGE))
        self.results = {"6.1": {"bio": state}, "newest": {}}
        marked = f"before\n{table.begin('vmtest')}\nold\n{table.end('vmtest')}\nafter\n"
        self.text = table.write(marked, "vmtest", {"6.1": "6.1.0-9", "newest": ""}, self.results)

    def test_written_and_read_again(self):
        self.assertIn("| `bio` | 1/2, 1/2 |", self.text)
        self.assertIn("- `bio` on 6.1: `bio_complete` verifier, nothing in `bio_errors_total`", self.text)
        self.assertTrue(self.text.startswith("before\n") and self.text.endswith("\nafter\n"))
        self.assertNotIn("old", self.text)
        self.assertEqual(table.Table.parse(self.text, "vmtest").cells, {("bio", "6.1"): (1, 2, 1, 2)})

    def test_promises(self):
        states = self.results["6.1"]
        written = table.Table.parse(self.text, "vmtest")
        self.assertEqual(written.less_than_promised("6.1", states), [])
        better = table.Table({("bio", "6.1"): (2, 2, 2, 2)})
        self.assertEqual(len(better.less_than_promised("6.1", states)), 1)
        # What the table does not name must be whole.
        self.assertEqual(len(written.less_than_promised("5.10", states)), 1)


class ChecksTest(unittest.TestCase):
    def run_of(self, rise, replayed="ebpf_exporter_syscalls_total 1"):
        page = 'ebpf_exporter_config_ok{config="syscalls"} 1\nebpf_exporter_syscalls_total{name="getppid"} %d\n'
        with tempfile.TemporaryDirectory() as name:
            directory = pathlib.Path(name)
            for file, text in (("before", page % 10), ("after", page % (10 + rise)), ("load", "getppid 50"),
                               ("exit_code", "0"), ("replay_exit_code", "0"), ("replayed", replayed)):
                (directory / file).write_text(text)
            return checks.check_run(directory)

    def test_what_was_done_must_be_counted(self):
        self.assertEqual(self.run_of(50), [])
        self.assertEqual(len(self.run_of(49)), 1)

    def test_what_was_served_must_be_in_the_capture(self):
        self.assertEqual(self.run_of(50, "x 1"), ["tabledump has no ebpf_exporter_syscalls_total"])

    def test_an_empty_run_is_wrong(self):
        self.assertTrue(checks.check_run(pathlib.Path("/nonexistent")))


CODE = """programs:
  - name: p
    metrics:
      counters:
        - name: ops_total
    kprobes:
      one: f
      two: f
    perf_events:
      - type: 0x0
        target: g
    code: |
      int f(struct pt_regs *ctx) {
          return req->rq_disk;
      }
"""


class InlineTest(unittest.TestCase):
    LOG = ('level=warn msg="a function is not at work" config=p function=f reason=missing_hook '
           'detail="cannot attach to \\"two\\": No such file"\n')
    PAGE = ('ebpf_exporter_config_ok{config="p"} 1\nebpf_exporter_ops_total 3\n'
            'ebpf_exporter_ebpf_program_attached{id="7"} 1\n'
            'ebpf_exporter_ebpf_program_info{config="p",id="7",program="f",tag="00"} 1\n')
    REFUSED = "bio.yaml:14:7: error: struct request has no member rq_disk on this kernel; `exporter migrate`"

    def results(self, **files):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        for name, text in files.items():
            path = pathlib.Path(directory.name) / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return pathlib.Path(directory.name)

    def test_hooks_that_are_gone_are_named(self):
        results = self.results(inline__after=self.PAGE, inline__log=self.LOG)
        states = inline.states_of({"p": CODE, "bio": CODE}, results)
        self.assertEqual(states["p"], {"attached": 2, "functions": 3, "failed": {"two": "missing_hook"},
                                       "series": {"ops_total": 1}})

    def test_code_that_does_not_compile_says_why(self):
        results = self.results(inline__after=self.PAGE, said__bio=self.REFUSED)
        states = inline.states_of({"p": CODE, "bio": CODE}, results)
        self.assertEqual((states["bio"]["attached"], states["bio"]["functions"]), (0, 3))
        self.assertEqual(states["bio"]["failed"], {"": "struct request has no member rq_disk on this kernel"})

    def test_the_first_bio_is_refused_by_line_and_mend(self):
        for text, wrong in ((self.REFUSED, 0), (self.REFUSED.replace(":14:", ":13:"), 1),
                            (self.REFUSED.replace("migrate", "help"), 1)):
            results = self.results(said__bio=text)
            said = [line for line in inline.check(results, "6.1", {"bio": CODE}) if "first bio" in line]
            self.assertEqual(len(said), wrong, text)

    def test_clang_compiles_once(self):
        count = '\nebpf_exporter_page_cache_ops_total{op="%s"} 5'
        page = "".join(count % name for name in ("mark_buffer_dirty", "mark_page_accessed"))
        gone = "".join(self.LOG.replace("two", name) for name in ("add_to_page_cache_lru", "account_page_dirtied"))
        load = "new_page /tmp 5\nlocked_page 5\n"
        compiled = 'msg="compiling inline code"\n'
        results = self.results(said__clang="", clang__page=page, clang__load=load, clang__log=compiled + gone)
        self.assertEqual(inline.check_clang(results, "6.1"), [])
        for log, loaded, wrong in ((gone, load, 1), (compiled, load, 2), (compiled + gone, "locked_page 6\n", 1)):
            results = self.results(said__clang="", clang__page=page, clang__load=loaded, clang__log=log)
            self.assertEqual(len(inline.check_clang(results, "6.1")), wrong, log)
        self.assertIsNone(inline.check_clang(self.results(inline__after=""), "6.1"))


class LockedTest(unittest.TestCase):
    REFUSED = 'level=WARN msg="x" config=a function=f reason=permission detail="the kernel is %s"\n'
    LOCKED = "locked down (confidentiality, see it)"

    def run_of(self, refused, failed=""):
        with tempfile.TemporaryDirectory() as name:
            directory = pathlib.Path(name)
            for run in ("integrity", "integrity.kprobe", "confidentiality", "confidentiality.kprobe"):
                (directory / run).mkdir()
                log = self.REFUSED % refused if run.startswith("confidentiality") else "fine\n"
                for file, text in (("exit_code", "0"), ("page", "a 1\n" + failed), ("log", log)):
                    (directory / run / file).write_text(text)
            return checks.check_locked(directory)

    def test_refusals_name_lockdown(self):
        self.assertEqual(self.run_of(self.LOCKED), [])
        self.assertEqual(len(self.run_of("odd")), 3)

    def test_integrity_refuses_nothing(self):
        failed = 'ebpf_exporter_attach_failed{config="a",program="f",reason="permission"} 1\n'
        self.assertEqual(len(self.run_of(self.LOCKED, failed)), 2)

    def test_no_run_is_wrong(self):
        self.assertTrue(checks.check_locked(pathlib.Path("/nonexistent")))


class EventsTest(unittest.TestCase):
    def test_what_was_cut_short_is_no_event(self):
        whole = "up\t6.1\t3.2\nstart\t//a:b\nresult\t//a:b\tpassed\t1\t\nresult\t//a:c\tfailed\t2\twhy\n"
        with tempfile.TemporaryDirectory() as name:
            directory = pathlib.Path(name)
            for cut in range(len(whole)):
                (directory / "events").write_text(whole[:cut])
                tests = report.read_kernel(directory)["tests"]
                self.assertTrue({test["status"] for test in tests} <= {"passed", "failed"}, whole[:cut])
            (directory / "events").write_text(whole + "result\t//a:d\tpas")
            kernel = report.read_kernel(directory)
            self.assertEqual(kernel["release"], "6.1")
            self.assertEqual([(test["name"], test["status"]) for test in kernel["tests"]],
                             [("//a:b", "passed"), ("//a:c", "failed")])
            report.print_kernel("6.1", kernel | {"checks": {}}, directory)

    def test_no_events(self):
        self.assertEqual(report.read_events(pathlib.Path("/nonexistent")), [])


if __name__ == "__main__":
    unittest.main()
