# Inline code for the machines; for tools/vmtest/run to source.
#
#   make_inline LINE FILE   compiles the programs of testdata/inline and the first configurations
#                           for this kernel and packs them; what was said goes to $work/said.LINE
#
# Code is compiled here, against what describe.sh keeps of the kernel. In the machine's /inline:
#
#   configs/      each program with its object; bio is the first one, migrated
#   replay.yaml   those of them that are of the first form, as one configuration
#   first/        the first bio as it is, where it compiles
#   code/         with clang beside it: code that the machine compiles by itself

# The kernel whose machine has clang.
readonly clang_kernel=6.1
readonly first_configs=$repository/testdata/configs/seed

make_inline() {
  local line=$1 root=$work/inline.$1 said=$work/said.$1 file
  mkdir -p "$root"/inline/{configs,first,code} "$said"
  if [[ -e $cache/kernels/$line/tracing ]]; then
    for file in "$repository"/testdata/inline/*.yaml "$first_configs/cachestat.yaml"; do
      compile_code "$line" "$file" "$root/inline/configs" "$said"
    done
    (shopt -s nullglob && join_configs "$root"/inline/configs/*.yaml) >"$root/inline/replay.yaml"
    compile_code "$line" "$first_configs/bio.yaml" "$root/inline/first" "$said"
    migrate_code "$line" "$first_configs/bio.yaml" "$root/inline/configs" >"$said/migrate" 2>&1
  fi
  if [[ $line == "$clang_kernel" ]]; then
    cp "$first_configs/cachestat.yaml" "$root/inline/code/"
    copy_clang "$root"
    touch "$said/clang"
  fi
  pack "$root" "$2"
}

# The exporter, for another kernel than this one.
exporter_for() {
  local kept=$cache/kernels/$1
  (umask 077 && mkdir -p "$cache/objects")
  "$bin/cmd/exporter/exporter" "${@:2}" --btf.path="$kept/btf" --tracefs.path="$kept/tracing" \
    --cache.dir="$cache/objects"
}

# What the exporter says of the file has its name, not the path that it has here.
compile_code() {
  local line=$1 file=$2 directory=$3 said=$4
  (cd "$(dirname "$file")" && exporter_for "$line" compile "$(basename "$file")" -o "$directory") 2>&1 |
    grep -v 'compiling inline code' >"$said/$(basename "$file" .yaml)"
}

# By the commands that the source names; clang before 16 wants one more flag, and bpftool declares
# members of the newest kernel that clang warns of.
migrate_code() {
  local line=$1 name directory=$3 kept=$cache/kernels/$1 old=
  name=$(basename "$2" .yaml)
  # Its standard output tells what each function became.
  exporter_for "$line" migrate "$2" -o "$directory" >/dev/null || return 1
  if [[ ! -e $kept/vmlinux.h ]]; then
    PATH=$PATH:/usr/sbin bpftool btf dump file "$kept/btf" format c >"$kept/vmlinux.h.new" || return 1
    mv "$kept/vmlinux.h.new" "$kept/vmlinux.h"
  fi
  if (($(clang -dumpversion | cut -d . -f 1) < 16)); then
    old=-enable-trivial-auto-var-init-zero-knowing-it-will-be-removed-from-clang
  fi
  clang -target bpf -mcpu=v3 -O2 -g "-I$kept" -D__TARGET_ARCH_x86 -ftrivial-auto-var-init=zero $old \
    -Wno-missing-declarations -c "$directory/$name.bpf.c" -o "$directory/$name.bpf.o"
}

# With its libraries, to where they are here.
copy_clang() {
  local clang file
  clang=$(readlink -f "$(type -P clang)")
  mkdir -p "$1/bin"
  cp "$clang" "$1/bin/clang"
  ldd "$clang" | grep -oE '/[^ ]+' |
    while IFS= read -r file; do
      mkdir -p "$1/$(dirname "$file")"
      cp -L "$file" "$1/$file"
    done
}
