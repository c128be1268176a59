#!/usr/bin/env python3
"""Fills the maps of recorded.bpf.c and records what bpftool prints of them.

    sudo ./record.py DIRECTORY     (a new one; two possible CPUs; x86-64, whose system call number
                                 is used)

The files beside this one are written anew. Entries of hash maps come in an
order that differs from run to run.
"""

import ctypes
import os
import pathlib
import struct
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
BPF_SYSCALL, UPDATE_ELEM, OBJ_GET = 321, 2, 7
FORMS = {"json": ["-j"], "pretty.json": ["-p"], "txt": []}
MAX = 2**64 - 1
_libc = ctypes.CDLL(None, use_errno=True)


def bpf(command, attributes):
    buffer = ctypes.create_string_buffer(attributes, 128)
    result = _libc.syscall(BPF_SYSCALL, command, buffer, len(buffer))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def fill(path, entries):
    name = ctypes.create_string_buffer(str(path).encode())
    fd = bpf(OBJ_GET, struct.pack("<QI", ctypes.addressof(name), 0))
    for key, value in entries:
        k = ctypes.create_string_buffer(key, len(key))
        v = ctypes.create_string_buffer(value, len(value))
        bpf(UPDATE_ELEM, struct.pack("<IIQQQ", fd, 0, ctypes.addressof(k), ctypes.addressof(v), 0))
    os.close(fd)


def per_cpu(*values):
    return b"".join(value + bytes(-len(value) % 8) for value in values)


def u32(number):
    return struct.pack("<I", number)


def u64(number):
    return struct.pack("<Q", number)


def disk(name, op, slot):
    return struct.pack("<32sB7xQ", name, op, slot)


def rich(c, flag, small, number, a, b, anonymous, pointer, big, mac, numbers, grid, text):
    key = struct.pack("<cBbxIhHiQ8x", c, flag, small, number, a, b, anonymous, pointer)
    key += big.to_bytes(16, "little") + mac + bytes(2) + struct.pack("<3I", *numbers)
    return key + grid + text + bytes(12)


def rich_value(slots, total, delta):
    return struct.pack("<4QQq", *slots, total, delta)


ENTRIES = {
    "disk_latency": [
        (disk(b"sda", 1, 3), u64(7)),
        (disk(b"nvme0n1", 0, 27), u64(MAX)),
        (disk(b'sd"b\\c', 2, 0), u64(2**53 + 1)),
        (disk(b"\xff\x01x", 3, 5), u64(18)),
        (disk(b"a" * 32, 4, 1), u64(9)),
    ],
    "per_cpu_count": [
        (u32(1), per_cpu(u32(5), u32(2**32 - 1))),
        (u32(2), per_cpu(u32(0), u32(1))),
        (u32(0xDEADBEEF), per_cpu(u32(10), u32(20))),
    ],
    "rich": [
        (rich(b"A", 1, -3, 1, -5, 65535, -7, 0xFFFF888001234567, (1 << 127) + 5,
              b"\x02\xff\0\0\0\x09", (0, 1, 2**32 - 1), b"ab\0\0c\0\0\0", b"hello\0\0\0"),
         rich_value((0, 1, MAX, 2**53 + 1), 77, -1)),
        (rich(b'"', 0, 127, 0, 0, 0, 0, 0, 7, bytes(6), (9, 9, 9), b'"\\\0\0\\\0\0\0',
              b'",\\"\0\0\0\0'),
         rich_value((1, 2, 3, 4), 5, -(2**63))),
        (rich(b"\\", 0, -128, 7, 0, 0, 0, 1, 2**64, bytes(6), (9, 9, 9), b"full\xff\xfe\0\0",
              b'\\",]}"\n\0'),
         rich_value((1, 2, 3, 4), 5, 6)),
        (rich(b"\\", 1, 0, 0, 0, 0, 0, 1, 0, bytes(6), (9, 9, 9), b'""""\\\\\\\\', b'"\\,":{}['),
         rich_value((1, 2, 3, 4), 5, 2**63 - 1)),
        (rich(b"\x80", 1, 0, 0, 0, 0, 0, 1, 0, bytes(6), (9, 9, 9), bytes(8), bytes(8)),
         rich_value((0, 0, 0, 0), 0, 0)),
    ],
    "enumerated": [(u32(1), u64(5)), (u32(9), u64(6))],
    "bitfields": [(u32(1), u32(0b10101010))],
    "unions": [(u32(1), u32(3) + u32(0x01020304))],
    "plain_small": [(u32(15), u64(1)), (u32(16), u64(MAX))],
    "plain_middle": [(bytes(range(12)), bytes(range(16)))],
    "plain_long": [
        (bytes(range(20)), bytes(range(40))),
        (bytes(range(20, 40)), bytes(range(200, 240))),
    ],
    "plain_percpu": [
        (u32(0), per_cpu(u32(1), u32(10))), (u32(1), per_cpu(u32(2), u32(11))),
    ],
    "plain_wide": [
        (u32(0), per_cpu(bytes(range(20)), bytes(range(20, 40)))),
        (u32(1), per_cpu(bytes(range(20)), bytes(range(21, 41)))),
    ],
    "plain_empty": [],
}


def run(*command):
    return subprocess.run(command, check=False, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)


def record(name, *which):
    for suffix, flags in FORMS.items():
        output = run("bpftool", *flags, "map", "dump", *which).stdout
        (HERE / f"{name}.{suffix}").write_bytes(output)


def load(object_file, pins):
    pins.mkdir()
    subprocess.run(["bpftool", "prog", "loadall", object_file, pins / "p", "pinmaps", pins / "m"],
                   check=True)
    for name, entries in ENTRIES.items():
        if entries:
            fill(pins / "m" / name, entries)
    return pins / "m"


def with_char_encoding(data):
    """The object as gcc and pahole describe `char`: encoded as one, not as a signed integer."""
    at = data.find(struct.pack("<III", 0x01000000, 1, 0x01000008))
    return data[:at + 11] + b"\x02" + data[at + 12:]


def main(work):
    work.mkdir(parents=True)
    pins = work / "bpffs"
    pins.mkdir()
    subprocess.run(["mount", "-t", "bpf", "bpf", pins], check=True)
    plain, chars = work / "recorded.o", work / "recorded_chars.o"
    try:
        subprocess.run(["clang", "-target", "bpf", "-g", "-O2", "-I/usr/include/x86_64-linux-gnu",
                        f"-fdebug-prefix-map={HERE}=.", "-c", HERE / "recorded.bpf.c", "-o",
                        plain], check=True)
        subprocess.run(["llvm-objcopy", "-O", "binary", "--only-section=.BTF",
                        "--set-section-flags", ".BTF=alloc", plain, HERE / "recorded.btf"],
                       check=True)
        chars.write_bytes(with_char_encoding(plain.read_bytes()))
        first = load(plain, pins / "plain")
        for name in ENTRIES:
            record(name, "pinned", first / name)
        record("bss", "pinned", first / "recorded_bss")
        for name, map_type in (("failing", "perf_event_array"), ("no_entry", "devmap")):
            subprocess.run(["bpftool", "map", "create", pins / name, "type", map_type, "key", "4",
                            "value", "4", "entries", "2", "name", name], check=True)
            record(name, "pinned", pins / name)
        second = load(chars, pins / "chars")
        record("rich_chars", "pinned", second / "rich")
        record("several", "name", "plain_small")
        record("several_btf", "name", "per_cpu_count")
        (HERE / "refused.json").write_bytes(
            run("bpftool", "-j", "map", "dump", "id", "1").stdout)
    finally:
        subprocess.run(["umount", pins], check=True)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
