"""BPF objects, and files as data in a program.

    bpf_object(name = "bio", src = "bio.bpf.c", hdrs = ["//bpf/include:bits"])   # makes bio.bpf.o
    embed(name = "catalogue", srcs = ["bio.bpf.o", "bio.yaml"])                  # makes catalogue.h
"""

load("//tools/build:cc.bzl", "ebpf_cc_library")

_CFLAGS = ["-target", "bpf", "-mcpu=v3", "-O2", "-g", "-Wall", "-Werror"]

def bpf_object(name, src, hdrs = [], **kwargs):
    """Compiles one BPF program to NAME.bpf.o, with its BTF but without other debug data.

    Args:
      name: label of the object; the label NAME.bpf.o names it as well.
      src: the .bpf.c file.
      hdrs: what it includes besides libbpf's headers: files, or cc_library targets with all
        that these depend on. Includes are relative to the top of the repository.
      **kwargs: as in every rule, such as visibility.
    """
    _bpf_object(
        name = name,
        src = src,
        hdrs = hdrs + ["@libbpf//:bpf_headers"],
        out = name + ".bpf.o",
        arch = select({
            "@platforms//cpu:aarch64": "arm64",
            "@platforms//cpu:x86_64": "x86",
        }),
        **kwargs
    )

def _bpf_object_impl(ctx):
    contexts = [dep[CcInfo].compilation_context for dep in ctx.attr.hdrs if CcInfo in dep]
    arguments = ctx.actions.args()
    arguments.add_all(_CFLAGS + ctx.attr.copts)
    arguments.add("-D__TARGET_ARCH_" + ctx.attr.arch)
    arguments.add("-I.")
    arguments.add("-I" + ctx.bin_dir.path)
    for context in contexts:
        arguments.add_all(context.includes, before_each = "-I")
        arguments.add_all(context.quote_includes, before_each = "-iquote")
        arguments.add_all(context.system_includes, before_each = "-isystem")
    arguments.add("-c", ctx.file.src)
    arguments.add("-o", ctx.outputs.out)

    # Without the prefix map the sandbox's own path would end up in the BTF.
    ctx.actions.run_shell(
        mnemonic = "BpfCompile",
        progress_message = "Compiling BPF program %s" % ctx.file.src.short_path,
        command = "clang \"-fdebug-prefix-map=$PWD=.\" \"$@\" && llvm-strip -g " + ctx.outputs.out.path,
        arguments = [arguments],
        inputs = depset(
            [ctx.file.src] + ctx.files.hdrs,
            transitive = [context.headers for context in contexts],
        ),
        outputs = [ctx.outputs.out],
        use_default_shell_env = True,
    )
    return [DefaultInfo(files = depset([ctx.outputs.out]))]

_bpf_object = rule(
    implementation = _bpf_object_impl,
    attrs = {
        "src": attr.label(mandatory = True, allow_single_file = [".bpf.c"]),
        "hdrs": attr.label_list(allow_files = True),
        "copts": attr.string_list(),
        "arch": attr.string(mandatory = True, doc = "as libbpf's bpf_tracing.h calls it"),
        "out": attr.output(mandatory = True),
    },
)

def embed(name, srcs, visibility = None, testonly = False):
    """Links files into a program, to be found by their base names.

    The header PACKAGE/NAME.h declares a function that lists them, e.g. for `catalogue`
        std::span<const ebpf_exporter::EmbeddedFile> Catalogue();

    Args:
      name: of the cc_library and its header, in snake_case.
      srcs: any files, with different base names.
      visibility: as in every rule.
      testonly: as in every rule.
    """
    outputs = [name + ".h", name + ".cc", "lib%s_bytes.a" % name]
    native.genrule(
        name = name + "_files",
        srcs = srcs,
        outs = outputs,
        cmd = "$(location //tools/build:embed.sh) %s '%s' $(RULEDIR) $(SRCS)" % (name, native.package_name()),
        tools = ["//tools/build:embed.sh"],
        testonly = testonly,
        visibility = ["//visibility:private"],
    )
    native.cc_library(
        name = name + "_bytes",
        srcs = outputs[2:],
        testonly = testonly,
        visibility = ["//visibility:private"],
    )
    ebpf_cc_library(
        name = name,
        srcs = outputs[1:2],
        hdrs = outputs[:1],
        testonly = testonly,
        visibility = visibility,
        deps = [
            ":%s_bytes" % name,
            "//tools/build:embedded_file",
        ],
    )
