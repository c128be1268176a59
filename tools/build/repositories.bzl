"""The external repositories of this project, all of them from Debian."""

load("//tools/build:debian_source.bzl", "debian_source")
load("//tools/build:pkg_config.bzl", "pkg_config_repository")

def project_repositories():
    """Declares everything third-party; WORKSPACE calls this and nothing else."""
    _stubs()

    pkg_config_repository(
        name = "deps",
        # label: (pkg-config module, Debian package)
        libraries = {
            "benchmark": ["benchmark", "libbenchmark-dev"],
            "cli11": ["CLI11", "libcli11-dev"],
            "crypt": ["libcrypt", "libcrypt-dev"],
            "gmock": ["gmock", "libgmock-dev"],
            "gtest": ["gtest", "libgtest-dev"],
            "gtest_main": ["gtest_main", "libgtest-dev"],
            "libelf": ["libelf", "libelf-dev"],
            "openssl": ["openssl", "libssl-dev"],
            "rapidjson": ["RapidJSON", "rapidjson-dev"],
            "re2": ["re2", "libre2-dev"],
            "yaml-cpp": ["yaml-cpp", "libyaml-cpp-dev"],
            "zlib": ["zlib", "zlib1g-dev"],
            "zstd": ["libzstd", "libzstd-dev"],
        },
        # label: (header, Debian package), for libraries without a usable .pc file
        header_only = {
            "protozero": ["protozero/version.hpp", "libprotozero-dev"],
            "spdlog": ["spdlog/spdlog.h", "libspdlog-dev"],
        },
        # Debian's spdlog comes without its own copy of fmt.
        defines = {"spdlog": ["SPDLOG_FMT_EXTERNAL", "FMT_HEADER_ONLY"]},
    )

    # From source, so that absl::string_view is std::string_view and so that
    # the sanitizers see into it.
    debian_source(
        name = "com_google_absl",
        package = "abseil",
        suite = "bookworm",
        version = "20220623.1",
        # Debian's choice of absl's own string_view, optional, any and variant.
        skip_patches = ["configure.diff"],
        patches = ["//tools/build:abseil.patch"],
    )

    # Bookworm's own 1.1.2 refuses objects with newer section names.
    debian_source(
        name = "libbpf",
        package = "libbpf",
        suite = "trixie",
        version = "1.5.",
        build_file = "//tools/build:libbpf.BUILD.bazel",
    )

    # Bookworm's own 1.15 crashes in TLS handshakes and lacks the fix for CVE-2025-55763.
    debian_source(
        name = "civetweb",
        package = "civetweb",
        suite = "trixie",
        version = "1.16",
        build_file = "//tools/build:civetweb.BUILD.bazel",
    )

def _stubs():
    """Stands in for repositories that Bazel 4 would download (see stubs/README.md)."""
    version = native.bazel_version
    if not version or version.startswith("4."):
        for name in ["rules_cc", "rules_java", "remote_coverage_tools"]:
            native.local_repository(name = name, path = "tools/build/stubs/" + name)
