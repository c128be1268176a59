# What a machine boots with besides its kernel: the built tests and what they need, as an
# initramfs; for tools/vmtest/run to source.
#
#   build_targets           builds tests, binaries, programs and guest tools; sets `tests`, and
#                           `clang_tests`, which only the machine with clang runs
#   make_image FILE         packs them
#   make_modules LINE FILE  packs the modules of a kernel; the kernel takes both one after the other
#   make_disks DIR          empty file systems, and a disk for results

# Modules that tests or programs may look for; cloud kernels have ext4 and NVMe built in.
readonly wanted_modules=(xfs squashfs loop null_blk dummy)
# What guest/run_locked loads.
readonly locked_object=//bpf/loader/testdata:addresses
# Programs of this system that tests call, if they are there; busybox's ip knows less.
readonly guest_programs=(bash bpftool ip)
readonly disk_megabytes=512 results_megabytes=64

# Its server outlives this run and must not hold the lock.
bazel() { (cd "$repository" && tools/bazel "$@") {lock}>&-; }

build_targets() {
  local log=$work/build.log known
  # Without the tests that it names, a run would pass that tried nothing.
  known=$(bazel query --noshow_progress 'attr(tags, requires_bpf, tests(//...))' 2>"$log") || {
    tail -n 40 "$log" >&2
    say "bazel query cannot list the tests"
    exit 1
  }
  known=$(sort <<<"$known" | if [[ -n $only ]]; then grep -E -- "$only"; else grep -vxFf <(labels left_out.txt); fi)
  mapfile -t tests < <(grep -vxFf <(labels with_clang.txt) <<<"$known" | grep .)
  mapfile -t clang_tests < <(grep -xFf <(labels with_clang.txt) <<<"$known")
  say "building $((${#tests[@]} + ${#clang_tests[@]})) tests"
  bazel build --noshow_progress --build_runfile_links "${bazel_options[@]}" "${tests[@]}" "${clang_tests[@]}" \
    //cmd/exporter //cmd/tabledump //bpf/programs:catalogue //tools/vmtest:guest "$locked_object" >"$log" 2>&1 || {
    tail -n 40 "$log" >&2
    say "the build fails"
    exit 1
  }
  bin=$(bazel info "${bazel_options[@]}" bazel-bin 2>/dev/null)
  workspace=$(basename "$(bazel info "${bazel_options[@]}" execution_root 2>/dev/null)")
}

# The first words of a list's lines.
labels() { sed 's/#.*//' "$vmtest/$1" | awk 'NF { print $1 }'; }

make_image() {
  local root=$work/root top=$work/root/t/$workspace target
  rm -rf "$root"
  make_root "$root"
  mkdir -p "$top"
  for target in "${tests[@]}" "${clang_tests[@]}" //cmd/exporter:exporter //cmd/tabledump:tabledump; do
    copy_runfiles "$bin/$(path_of "$target")" "$top"
  done
  (cd "$repository" && cp --parents -L bpf/programs/*.yaml "$top")
  (cd "$bin" && cp -f --parents -L bpf/programs/*.bpf.o "$(path_of "$locked_object").bpf.o" "$top")
  list_tests "${tests[@]}" >"$root/t/tests"
  list_tests "${clang_tests[@]}" >"$root/t/clang_tests"
  join_configs "$repository"/bpf/programs/*.yaml >"$top/bpf/programs/all_of_them.yaml"
  copy_programs "$root"
  copy_libraries "$root"
  pack "$root" "$1"
  say "image of $(($(stat -c %s "$1") >> 20)) MB"
}

# What any machine starts with.
make_root() {
  local root=$1
  mkdir -p "$root"/{bin,guest,proc,sys,dev,tmp,xfs,packed,results,modules,etc,root,usr,sbin,t}
  echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
  cp "$vmtest"/guest/{init,run_*} "$bin"/tools/vmtest/guest/{churn,inline_load,interfaces.bpf.o,load,quit} \
    "$vmtest/guest/interfaces.yaml" "$root/guest/"
  ln -s guest/init "$root/init"
  cp "$(type -P busybox)" "$root/bin/busybox"
}

path_of() { sed 's|^//||; s|:|/|' <<<"$1"; }

# Trees of several tests become one: the same path is the same file in all.
copy_runfiles() {
  local program=$1 top=$2
  if [[ -d $program.runfiles/$workspace ]]; then
    cp -rL --no-preserve=mode,timestamps "$program.runfiles/$workspace/." "$top"
  fi
}

# LABEL PATH, one a line.
list_tests() {
  local test
  for test in "$@"; do echo "$test $(path_of "$test")"; done
}

# One configuration of the whole catalogue.
join_configs() {
  echo "programs:"
  local file
  for file in "$@"; do sed '1,/^programs:/d' "$file"; done
}

copy_programs() {
  local root=$1 name path
  for name in "${guest_programs[@]}"; do
    path=$(PATH=$PATH:/usr/sbin type -P "$name") || continue
    # Debian's bpftool may be a script that looks for the one of the running kernel.
    cp -L "$path" "$root/bin/"
  done
}

# Symbols stay, debug data goes; libraries are copied once, to where they are here.
copy_libraries() {
  local root=$1 file
  find "$root/t" "$root/bin" "$root/guest" -type f -size +16k |
    while IFS= read -r file; do
      if [[ $(head -c 4 "$file") != $'\x7fELF' || $file == *.bpf.o ]]; then continue; fi
      chmod u+wx "$file"
      strip --strip-debug "$file" 2>/dev/null || true
      ldd "$file" 2>/dev/null
    done | grep -oE '/[^ ]+' | sort -u | grep -v ':$' |
    while IFS= read -r file; do
      mkdir -p "$root/$(dirname "$file")"
      cp -L "$file" "$root/$file"
    done
  chmod -R u+rwX "$root"
  chmod +x "$root"/guest/*
}

pack() { (cd "$1" && find . | cpio --quiet -o -H newc -R 0:0) >"$2"; }

make_modules() {
  local kept=$cache/kernels/$1 root=$work/modules.$1 release module
  rm -rf "$root"
  mkdir -p "$root/modules"
  release=$(cat "$kept/release")
  for module in "${wanted_modules[@]}"; do
    PATH=$PATH:/usr/sbin:/sbin modprobe -d "$kept" -S "$release" --show-depends "$module" 2>/dev/null || true
  done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' |
    while read -r module; do
      unpack_module "$module" "$root/modules"
      basename "$module" | sed 's/\.ko.*/.ko/' >>"$root/modules/order"
    done
  pack "$root" "$2"
}

unpack_module() {
  local name
  name=$(basename "$1" | sed 's/\.ko.*/.ko/')
  case $1 in
    *.xz) xz -dc "$1" >"$2/$name" ;;
    *.zst) zstd -qdc "$1" >"$2/$name" ;;
    *) cp "$1" "$2/$name" ;;
  esac
}

make_disks() {
  mkdir -p "$1"
  PATH=$PATH:/usr/sbin:/sbin
  if [[ ! -e $1/ext4 ]]; then
    # A half-made disk must not be taken for one: the name that is asked for comes last.
    rm -f "$1/ext4.new" "$1/xfs.new" &&
      truncate -s "${disk_megabytes}M" "$1/ext4.new" "$1/xfs.new" &&
      mkfs.ext4 -q "$1/ext4.new" &&
      mkfs.xfs -q "$1/xfs.new" &&
      mv "$1/xfs.new" "$1/xfs" &&
      mv "$1/ext4.new" "$1/ext4" || { say "cannot make the disks in $1"; return 1; }
  fi
  if [[ ! -e $1/packed ]]; then
    # Ten blocks that cannot be packed any further, so each begins and ends within a page.
    rm -rf "$1/packed.new" "$1/packed.files" &&
      mkdir "$1/packed.files" &&
      head -c 81920 /dev/urandom >"$1/packed.files/file" &&
      mksquashfs "$1/packed.files" "$1/packed.new" -b 8192 -no-fragments -quiet -no-progress &&
      truncate -s 1M "$1/packed.new" &&
      mv "$1/packed.new" "$1/packed" || { say "cannot make the squashfs in $1"; return 1; }
  fi
}
