# What inline code is compiled against, of each kernel; for tools/vmtest/run to source.
#
#   describe_kernel LINE   makes btf and tracing/events/CATEGORY/EVENT/format beside the kernel
#                          that is kept, if they are not there
#
# A machine is booted for it once: packages have no formats of tracepoints.

describe_kernel() {
  local line=$1 kept=$cache/kernels/$1 dir=$work/described.$1 describe=yes
  if [[ -e $kept/tracing || ! -e $kept/vmlinuz ]]; then return 0; fi
  say "asking $line for its types and tracepoints"
  make_describing_image "$work/describing.cpio"
  boot "$line" "$work/describing.cpio" "$dir" >"$dir.log" 2>&1 || { cat "$dir.log" >&2; return 1; }
  rm -rf "$kept/tracing.new"
  split_formats "$kept/tracing.new" <"$dir/results/formats"
  mv "$dir/results/btf" "$kept/btf"
  mv "$kept/tracing.new" "$kept/tracing"
}

# Busybox and scripts.
make_describing_image() {
  local root=$work/describing
  rm -rf "$root"
  make_root "$root"
  copy_libraries "$root"
  pack "$root" "$1"
}

# FILE:LINE, one a line, into files below a directory.
split_formats() {
  mkdir -p "$1"
  tee "$1/all" | cut -d : -f 1 | uniq | xargs -d '\n' -n 500 dirname | (cd "$1" && xargs -d '\n' mkdir -p)
  (cd "$1" && awk '{ at = index($0, ":"); name = substr($0, 1, at - 1)
                     if (name != last) { if (last) close(last); last = name }
                     print substr($0, at + 1) >name }' all)
  rm "$1/all"
}
