"""A repository with one cc_library for each pkg-config file of the installed libraries.

Static archives are linked where a package has them, in the order that the Requires of the
.pc files imply. Headers under /usr/include are used as they are.
"""

# Parts of the C library: always there, and never to be linked from an archive by name.
_SYSTEM_LIBRARIES = ["c", "dl", "m", "pthread", "rt"]

def _pkg_config_repository_impl(ctx):
    directories = _directories(ctx)
    missing = {}
    modules = {}
    aliases = []
    for label, (module, package) in ctx.attr.libraries.items():
        if not _collect(ctx, directories, module, modules):
            missing[package] = None
        aliases.append(_alias(label, module))
    libraries = []
    for label, (header, package) in ctx.attr.header_only.items():
        if not ctx.path("/usr/include/" + header).exists:
            missing[package] = None
        libraries.append(_library(label, "", [], [], [], ctx.attr.defines.get(label, [])))
    if missing:
        fail("@%s: these Debian packages are missing: %s\nInstall them with: apt-get install -y %s" % (
            ctx.name,
            ", ".join(missing.keys()),
            " ".join(missing.keys()),
        ))
    for module, fields in modules.items():
        libraries.append(_module_library(ctx, directories, module, fields))
    ctx.file("BUILD.bazel", "\n".join(
        ["package(default_visibility = [\"//visibility:public\"])\n"] + libraries + aliases,
    ))

def _directories(ctx):
    """Where this machine keeps its libraries and .pc files."""
    result = ctx.execute(["gcc", "-print-multiarch"])
    if result.return_code != 0:
        fail("@%s: gcc is missing. Install it with: apt-get install -y g++" % ctx.name)
    library = "/usr/lib/" + result.stdout.strip()
    return struct(
        library = library,
        pkg_config = [library + "/pkgconfig", "/usr/lib/pkgconfig", "/usr/share/pkgconfig"],
    )

def _collect(ctx, directories, module, modules):
    """Adds a module and all that it requires to `modules`; False if one is not installed."""
    waiting = [module]
    for _ in range(100):  # Starlark has no while; nothing here requires that many.
        if not waiting:
            return True
        name = waiting.pop()
        if name in modules:
            continue
        fields = _read(ctx, directories, name)
        if not fields:
            return False
        modules[name] = fields
        waiting.extend(_requires(fields))
    fail("@%s: %s requires too many modules" % (ctx.name, module))

def _read(ctx, directories, module):
    """The fields of a .pc file with its variables expanded, or None."""
    for directory in directories.pkg_config:
        path = ctx.path("%s/%s.pc" % (directory, module))
        if path.exists:
            return _parse(ctx.read(path))
    return None

def _parse(text):
    variables = {}
    fields = {}
    for line in text.splitlines():
        line = line.partition("#")[0].strip()
        equals = line.find("=")
        colon = line.find(":")
        if equals > 0 and (colon < 0 or equals < colon):
            variables[line[:equals].strip()] = _expand(line[equals + 1:].strip(), variables)
        elif colon > 0:
            fields[line[:colon].lower()] = _expand(line[colon + 1:].strip(), variables)
    return fields

def _expand(text, variables):
    for name, value in variables.items():
        text = text.replace("${%s}" % name, value)
    return text

def _requires(fields):
    """Names of required modules, without the versions that may follow them."""
    names = []
    skip = False
    for field in ["requires", "requires.private"]:
        for word in fields.get(field, "").replace(",", " ").split(" "):
            if word in ["=", "<", ">", "<=", ">=", "!="]:
                skip = True
            elif word and not skip:
                names.append(word)
            else:
                skip = skip and not word
    return names

def _module_library(ctx, directories, module, fields):
    sources = []
    linkopts = []
    for word in (fields.get("libs", "") + " " + fields.get("libs.private", "")).split(" "):
        name = word[2:]
        archive = "%s/lib%s.a" % (directories.library, name)
        if word == "-pthread" or (word.startswith("-l") and name in _SYSTEM_LIBRARIES):
            linkopts.append(word)
        elif word.startswith("-l") and ctx.path(archive).exists:
            ctx.symlink(archive, "lib/lib%s.a" % name)
            sources.append("lib/lib%s.a" % name)
        elif word.startswith("-l"):
            linkopts.append(word)
    defines = [word[2:] for word in fields.get("cflags", "").split(" ") if word.startswith("-D")]
    return _library(module, fields.get("version", ""), sources, linkopts, _requires(fields), defines)

def _library(name, version, sources, linkopts, requires, defines):
    lines = [
        "# version %s" % version if version else "# header-only",
        "cc_library(",
        "    name = %r," % name,
        "    srcs = %r," % sources,
        "    linkopts = %r," % linkopts,
        "    defines = %r," % defines,
        "    deps = %r," % [":" + module for module in requires],
        ")\n",
    ]
    return "\n".join(lines)

def _alias(label, module):
    if label == module:
        return ""
    return "alias(\n    name = %r,\n    actual = %r,\n)\n" % (label, ":" + module)

pkg_config_repository = repository_rule(
    implementation = _pkg_config_repository_impl,
    configure = True,  # `bazel sync --configure` looks at the machine again
    attrs = {
        "libraries": attr.string_list_dict(doc = "label: [pkg-config module, Debian package]"),
        "header_only": attr.string_list_dict(doc = "label: [header, Debian package]"),
        "defines": attr.string_list_dict(doc = "label of a header-only library: preprocessor definitions"),
    },
)
