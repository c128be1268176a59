#!/bin/bash
# Writes the three files behind `embed` in bpf.bzl: NAME.h, NAME.cc and libNAME_bytes.a.
#
#   embed.sh NAME PACKAGE OUTPUT-DIRECTORY FILE...
#
# The assembler takes the bytes in as they are, which is quick for any size and the same
# under every C++ compiler.

set -euo pipefail

name=$1 package=$2 out=$3
shift 3

function_name=
for word in ${name//_/ }; do function_name+=${word^}; done
symbol=ebpf_exporter_${package//[^a-zA-Z0-9]/_}_$name
guard=EBPF_EXPORTER_$(tr 'a-z/.-' 'A-Z___' <<<"${package:+$package/}$name")_H_

duplicates=$(for file in "$@"; do basename "$file"; done | sort | uniq -d)
if [[ -n $duplicates ]]; then
  echo "embed $name: more than one file is called" $duplicates >&2
  exit 1
fi

header() {
  cat <<EOF
#ifndef $guard
#define $guard

#include <span>

#include "tools/build/embedded_file.h"

namespace ebpf_exporter {

// The $# embedded files of //$package:$name, in the order of its srcs.
std::span<const EmbeddedFile> $function_name();

}  // namespace ebpf_exporter

#endif  // $guard
EOF
}

source_file() {
  local index=0 file
  echo "#include \"${package:+$package/}$name.h\""
  echo "extern \"C\" {"
  for file in "$@"; do
    echo "extern const std::byte ${symbol}_$index[], ${symbol}_${index}_end[];"
    index=$((index + 1))
  done
  echo "}"
  echo "namespace ebpf_exporter {"
  echo "std::span<const EmbeddedFile> $function_name() {"
  echo "  static const EmbeddedFile kFiles[] = {"
  index=0
  for file in "$@"; do
    echo "      {\"$(basename "$file")\", {${symbol}_$index, ${symbol}_${index}_end}},"
    index=$((index + 1))
  done
  printf '  };\n  return kFiles;\n}\n}  // namespace ebpf_exporter\n'
}

assembly() {
  local index=0 file
  echo ".section .rodata"
  for file in "$@"; do
    cat <<EOF
.balign 16
.global ${symbol}_$index
.hidden ${symbol}_$index
${symbol}_$index:
.incbin "$file"
.global ${symbol}_${index}_end
.hidden ${symbol}_${index}_end
${symbol}_${index}_end:
.byte 0
EOF
    index=$((index + 1))
  done
  echo ".section .note.GNU-stack,\"\",%progbits"
}

header "$@" >"$out/$name.h"
source_file "$@" >"$out/$name.cc"
object=$out/$name.embed.o
assembly "$@" | as -o "$object" -
ar rcsD "$out/lib${name}_bytes.a" "$object"
rm "$object"
