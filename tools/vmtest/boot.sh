# One machine: boots a kernel, lets it work, reads what it says; for tools/vmtest/run to source.
#
#   boot LINE IMAGE DIR [IMAGE...]   prints the machine's events as they come, and leaves in DIR:
#                                    events (its second serial line), console (its first),
#                                    results/ (files)
#
# The exit status is the one the machine ends with: 0 when its work is done, whatever came of
# it. Any other means that it crashed, hung or never came up.

# One thread for both CPUs: with two, a CPU may run code that the other has patched (Oops: int3).
readonly machine=(-M pc -accel tcg,thread=single -cpu max -smp 2 -m 2048 -nodefaults -no-reboot -display none)
# The TSC is measured wrongly where the host is busy, by a factor of 30 once: time is the HPET's.
readonly kernel_arguments="console=ttyS0 quiet rdinit=/init panic=-1 oops=panic nokaslr tsc=unstable \
clocksource=hpet mitigations=off no_timer_check nmi_watchdog=0 audit=0 apparmor=0 lsm=lockdown,capability,yama,bpf secretmem.enable=1"
readonly machine_seconds=1500
# qemu exits with 2 * v + 1 when the machine writes v to its exit port, and with 1 on errors of
# its own, so the machine writes its status + 1.
readonly done_status=3

boot() {
  local line=$1 image=$2 dir=$3 status
  rm -rf "$dir"
  mkdir -p "$dir/results"
  make_modules "$line" "$work/$line.modules.cpio"
  cat "$image" "$work/$line.modules.cpio" "${@:4}" >"$work/$line.initramfs"
  truncate -s "${results_megabytes}M" "$dir/disk"

  # Whoever ends this shell ends qemu with it.
  setpriv --pdeathsig TERM timeout --kill-after=5 "$machine_seconds" setpriv --pdeathsig KILL \
    qemu-system-x86_64 "${machine[@]}" \
    -kernel "$cache/kernels/$line/vmlinuz" -initrd "$work/$line.initramfs" -append "$kernel_arguments${churn:+ churn=$churn}${describe:+ describe}" \
    $(nvme ext4 "$cache/disks/ext4" on) $(nvme xfs "$cache/disks/xfs" on) $(nvme results "$dir/disk" off) \
    $(nvme packed "$cache/disks/packed" on),logical_block_size=4096,physical_block_size=4096 \
    -device isa-debug-exit,iobase=0xf4,iosize=0x04 \
    -serial "file:$dir/console" -serial stdio 2>"$dir/qemu.log" </dev/null |
    tee "$dir/events" | show_events "$line"
  status=${PIPESTATUS[0]}

  tar -x -C "$dir/results" -f "$dir/disk" 2>/dev/null || true
  rm -f "$dir/disk"
  if ((status == done_status)); then return 0; fi
  explain_end "$status" "$dir"
  return 1
}

# The machine finds its disks by their serial numbers. What it writes to a snapshot is lost.
nvme() { echo "-drive file=$2,format=raw,if=none,id=$1,cache=unsafe,snapshot=$3 -device nvme,drive=$1,serial=$1"; }

# EVENT FIELD..., tab separated, one a line.
show_events() {
  local line=$1 event name status seconds detail
  while IFS=$'\t' read -r event name status seconds detail; do
    case $event in
      up) say "$line: up ($name) after $status s" ;;
      result) show_result "$line" "$status" "$seconds" "$name" "$detail" ;;
    esac
  done
}

show_result() { printf '%-7s %-8s %6s s  %s%s\n' "$1" "$2" "$3" "$4" "${5:+: $5}"; }

explain_end() {
  local status=$1 dir=$2 last
  last=$(awk -F '\t' '$1 == "start" { name = $2 } END { print name }' "$dir/events")
  case $status in
    124 | 137) say "the machine took longer than $machine_seconds s${last:+, at work on $last}" ;;
    *) say "the machine ended by itself (qemu: $status)${last:+, at work on $last}" ;;
  esac
  tail -n 30 "$dir/console" "$dir/qemu.log" >&2
}
