"""A repository that holds the source of a Debian package, patched as Debian patches it.

The sources come through apt from the mirror that this system already uses, possibly from
another suite of it, and are checked against apt's signed index. Nothing third-party is
committed and no host is named. It works without root.
"""

_FETCH_SECONDS = 900

def _debian_source_impl(ctx):
    # Labels first: resolving one can restart this function.
    script = ctx.path(ctx.attr._fetch)
    ctx.path(ctx.attr._apt)  # the script sources it
    patches = [ctx.path(patch) for patch in ctx.attr.patches]
    build_file = ctx.path(ctx.attr.build_file) if ctx.attr.build_file else None

    ctx.report_progress("fetching the source package %s through apt" % ctx.attr.package)
    result = ctx.execute(
        ["bash", script, ctx.attr.package, ctx.attr.suite, ctx.attr.version] + ctx.attr.skip_patches,
        timeout = _FETCH_SECONDS,
    )
    if result.return_code != 0:
        fail("@%s: no source of %s %s* from %s:\n%s%s" % (
            ctx.name,
            ctx.attr.package,
            ctx.attr.version,
            ctx.attr.suite,
            result.stdout,
            result.stderr,
        ))
    for patch in patches:
        # Not ctx.patch: it takes neither prose before a patch nor an offset in it.
        result = ctx.execute(["patch", "--quiet", "--strip=1", "--input=%s" % patch])
        if result.return_code != 0:
            fail("@%s: %s does not apply:\n%s" % (ctx.name, patch, result.stdout))
    if build_file:
        ctx.file("BUILD.bazel", ctx.read(build_file))
        ctx.file("WORKSPACE", "workspace(name = \"%s\")\n" % ctx.name)

debian_source = repository_rule(
    implementation = _debian_source_impl,
    attrs = {
        "package": attr.string(mandatory = True, doc = "name of the source package"),
        "suite": attr.string(mandatory = True, doc = "Debian suite, e.g. trixie"),
        "version": attr.string(
            mandatory = True,
            doc = "what the version must begin with; Debian's revisions replace each other",
        ),
        "skip_patches": attr.string_list(doc = "file names in debian/patches to leave out"),
        "patches": attr.label_list(doc = "our own patches, applied last with -p1"),
        "build_file": attr.label(doc = "BUILD file, if the source brings none"),
        "_fetch": attr.label(default = "//tools/build:fetch_debian_source.sh"),
        "_apt": attr.label(default = "//tools/build:private_apt.sh"),
    },
)
