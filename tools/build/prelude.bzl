"""Headers that nearly every file of this project includes, compiled once.

Most of the time of a build from nothing is the headers of the standard library and GoogleTest,
read again for each of some hundred small files. A prelude is such headers in the form
that clang reads back in no time. Sources still include what they use, and are compiled without
a prelude wherever --define=prelude=no says so, as the sanitizers' configurations do.
"""

load("@bazel_tools//tools/build_defs/cc:action_names.bzl", "CPP_COMPILE_ACTION_NAME")
load("@bazel_tools//tools/cpp:toolchain_utils.bzl", "find_cpp_toolchain")

def _cc_prelude_impl(ctx):
    toolchain = find_cpp_toolchain(ctx)
    features = cc_common.configure_features(
        ctx = ctx,
        cc_toolchain = toolchain,
        requested_features = ctx.features,
        unsupported_features = ctx.disabled_features,
    )
    defines = cc_common.merge_cc_infos(
        cc_infos = [dep[CcInfo] for dep in ctx.attr.deps],
    ).compilation_context.defines
    compiled = ctx.actions.declare_file(ctx.label.name + ".pch")
    # A prelude fits only code of its own kind; Bazel's own rules choose by the same question.
    pic = [] if ctx.var["COMPILATION_MODE"] == "opt" else ["-fPIC"]
    variables = cc_common.create_compile_variables(
        feature_configuration = features,
        cc_toolchain = toolchain,
        # The file itself counts as included by all that is compiled on top of it, so it must be
        # one of the system: others have another name in each sandbox.
        source_file = "/usr/include/stdint.h",
        output_file = compiled.path,
        user_compile_flags = ctx.fragments.cpp.copts + ctx.fragments.cpp.cxxopts + pic + [
            "-Xclang",
            "-fno-pch-timestamp",
            "-fpch-instantiate-templates",
            "-xc++-header",
        ] + ["-include" + header for header in ctx.attr.headers],
        preprocessor_defines = defines,
    )
    ctx.actions.run(
        executable = cc_common.get_tool_for_action(
            feature_configuration = features,
            action_name = CPP_COMPILE_ACTION_NAME,
        ),
        arguments = cc_common.get_memory_inefficient_command_line(
            feature_configuration = features,
            action_name = CPP_COMPILE_ACTION_NAME,
            variables = variables,
        ),
        env = cc_common.get_environment_variables(
            feature_configuration = features,
            action_name = CPP_COMPILE_ACTION_NAME,
            variables = variables,
        ),
        inputs = toolchain.all_files,
        outputs = [compiled],
        mnemonic = "CppPrelude",
        progress_message = "Compiling %{label}",
    )
    return [DefaultInfo(files = depset([compiled]))]

cc_prelude = rule(
    implementation = _cc_prelude_impl,
    doc = "Precompiles headers of the system; NAME.pch is the result.",
    attrs = {
        "headers": attr.string_list(mandatory = True, doc = "As one would include them."),
        "deps": attr.label_list(providers = [CcInfo], doc = "For their defines."),
        "_cc_toolchain": attr.label(default = "@bazel_tools//tools/cpp:current_cc_toolchain"),
    },
    fragments = ["cpp"],
    toolchains = ["@bazel_tools//tools/cpp:toolchain_type"],
)
