#!/bin/bash
# Prints types of the running kernel as C, to copy members from into vmlinux.h.
#
#   tools/bazel run //bpf/include:dump_type -- "struct request" "enum req_op"
#   tools/bazel run //bpf/include:dump_type -- -b FILE "struct request"
#
# -b FILE takes the BTF of another kernel. Needs bpftool.

set -euo pipefail

readonly PATH="${PATH}:/usr/sbin:/sbin"
btf=/sys/kernel/btf/vmlinux
while getopts b: option; do
  case "${option}" in
    b) btf="${OPTARG}" ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
if (($# == 0)); then
  echo "usage: dump_type [-b FILE] TYPE...   for example: \"struct request\"" >&2
  exit 2
fi

# bpftool writes every definition from its first line to a closing brace in the
# first column.
header="$(bpftool btf dump file "${btf}" format c)"
status=0
for type in "$@"; do
  awk -v first="${type} {" '
    $0 == first { inside = found = 1 }
    inside { print }
    inside && /^}/ { inside = 0 }
    END { exit !found }' <<<"${header}" || {
    echo "dump_type: ${btf} has no \"${type}\"" >&2
    status=1
  }
done
exit "${status}"
