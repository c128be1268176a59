"""The catalogue's programs: a BPF object and its configuration, side by side."""

load("//tools/build:bpf.bzl", "bpf_object")

# libbpf's usdt.bpf.h asks for a header of the C library's, which clang does not look for when it
# compiles for BPF.
_USDT_COPTS = [
    "-idirafter",
    "/usr/include/x86_64-linux-gnu",
    "-idirafter",
    "/usr/include/aarch64-linux-gnu",
]

def catalogue_program(name, hdrs, usdt = False, visibility = None):
    """Makes NAME.bpf.o and NAME.yaml, in one directory, from NAME.bpf.c and NAME.yaml.

    A configuration names its object by a path relative to itself, so the pair can be copied
    anywhere together.

    Args:
      name: of the program and of both files.
      hdrs: targets of //bpf/include whose headers NAME.bpf.c includes.
      usdt: NAME.bpf.c includes <bpf/usdt.bpf.h>.
      visibility: as in every rule.
    """
    bpf_object(
        name = "objects/" + name,
        src = name + ".bpf.c",
        hdrs = hdrs,
        copts = _USDT_COPTS if usdt else [],
        visibility = ["//visibility:private"],
    )
    _side_by_side(
        name = name,
        srcs = [
            name + ".yaml",
            "objects/%s.bpf.o" % name,
        ],
        visibility = visibility,
    )

def _side_by_side_impl(ctx):
    outputs = []
    for src in ctx.files.srcs:
        output = ctx.actions.declare_file(src.basename)
        ctx.actions.run_shell(
            mnemonic = "Copy",
            command = "cp \"$1\" \"$2\"",
            arguments = [src.path, output.path],
            inputs = [src],
            outputs = [output],
        )
        outputs.append(output)
    return [DefaultInfo(
        files = depset(outputs),
        runfiles = ctx.runfiles(files = outputs),
    )]

# A genrule cannot have a file of the package as an output of the same name.
_side_by_side = rule(
    implementation = _side_by_side_impl,
    attrs = {"srcs": attr.label_list(allow_files = True)},
)
