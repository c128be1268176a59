"""C++ targets of this project: the native rules, with its warnings as errors.

The language standard and everything else that must be the same in all of the build, third
parties included, is in .bazelrc.
"""

_WARNINGS = ["-Wall", "-Wextra", "-Wshadow", "-Werror"]

_TEST_DEPS = ["@deps//:gmock", "@deps//:gtest_main"]

# Bazel's sandbox is a user namespace, where the kernel refuses BPF even to root; results
# depend on the kernel, so they are not cached; programs of other tests would be counted.
_BPF_TEST_TAGS = ["requires_bpf", "local", "external", "exclusive"]

def _compiled(prelude, copts, deps):
    """Attributes of sources compiled on top of a prelude (prelude.bzl), if one fits them."""
    if copts:  # it was made without
        return {"copts": _WARNINGS + copts, "deps": deps}
    return {
        "copts": _WARNINGS + select({
            "//tools/build:without_preludes": [],
            "//conditions:default": ["-include-pch", "$(GENDIR)/tools/build/%s.pch" % prelude],
        }),
        "deps": deps + select({
            "//tools/build:without_preludes": [],
            "//conditions:default": ["//tools/build:%s_files" % prelude],
        }),
    }

def ebpf_cc_library(name, srcs = [], copts = [], deps = [], **kwargs):
    """A library; `core` gives one to each header."""
    if not srcs:
        native.cc_library(name = name, copts = _WARNINGS + copts, deps = deps, **kwargs)
        return
    kwargs.update(_compiled("prelude", copts, deps))
    native.cc_library(name = name, srcs = srcs, **kwargs)

def ebpf_cc_binary(name, copts = [], deps = [], **kwargs):
    """A program."""
    kwargs.update(_compiled("prelude", copts, deps))
    native.cc_binary(name = name, **kwargs)

def ebpf_cc_test(name, copts = [], deps = [], size = "small", **kwargs):
    """A GoogleTest with its main function; `size` is small unless it says otherwise."""
    with_test_deps = deps + [dep for dep in _TEST_DEPS if dep not in deps]
    kwargs.update(_compiled("test_prelude", copts, with_test_deps))
    native.cc_test(name = name, size = size, **kwargs)

def ebpf_bpf_test(name, size = "medium", tags = [], **kwargs):
    """A test that loads BPF programs: outside the sandbox, alone and always run anew.

    It should skip itself, and say so, where it may not use BPF.
    """
    ebpf_cc_test(name = name, size = size, tags = _BPF_TEST_TAGS + tags, **kwargs)

def ebpf_cc_benchmark(name, copts = [], deps = [], tags = [], **kwargs):
    """A Google Benchmark with its own main function; built and run by name only.

        bazel run --config=bench //benchmark/decode:hex_benchmark
    """
    with_benchmark = deps + [dep for dep in ["@deps//:benchmark"] if dep not in deps]
    kwargs.update(_compiled("prelude", copts, with_benchmark))
    native.cc_binary(
        name = name,
        testonly = True,
        tags = ["benchmark", "manual"] + tags,
        **kwargs
    )

def ebpf_cc_fuzz(name, srcs, deps = [], corpus = []):
    """A fuzz target: NAME replays the corpus as a test, NAME_run looks for new inputs.

        bazel run --config=fuzz //core/decode:hex_fuzz_run -- -max_total_time=60

    Args:
      name: of the test, e.g. hex_fuzz.
      srcs: defines LLVMFuzzerTestOneInput, e.g. hex_fuzz.cc.
      deps: as in every rule.
      corpus: inputs that were once found or are known to be interesting.
    """
    native.cc_test(
        name = name,
        size = "small",
        srcs = srcs,
        args = ["$(locations %s)" % label for label in corpus],
        data = corpus,
        **_compiled("prelude", [], deps + ["//tools/build:fuzz_replay"])
    )
    native.cc_binary(
        name = name + "_run",
        testonly = True,
        srcs = srcs,
        copts = _WARNINGS,
        linkopts = ["-fsanitize=fuzzer"],
        tags = ["manual"],
        deps = deps,
    )
