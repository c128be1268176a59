// Which maps only ever gain entries, proven from the instructions of all
// programs that can reach them:
//
//   GrowOnly grow_only;
//   for (program : object) grow_only.AddProgram(instructions of program);
//   if (grow_only.Holds(fd)) ...
//
// For maps of type BPF_MAP_TYPE_HASH: an element of such a map stays where it
// is in its bucket, and keeps its key, as long as the map lives. That ends with
// bpf_map_delete_elem, and with bpf_map_update_elem of a key that is there: the
// kernel puts a new element in the place of the old one, which it then uses for
// another key (kernel/bpf/hashtab.c). Insertions with BPF_NOEXIST, lookups and
// changes through the pointer that was looked up are harmless.
//
// It errs to one side: what is not understood is taken to remove entries of all
// maps. It answers for the programs alone: whoever has the map's descriptor,
// its pin, or the right to open it by its number can still delete from it.

#ifndef EBPF_EXPORTER_BPF_LOADER_GROW_ONLY_H_
#define EBPF_EXPORTER_BPF_LOADER_GROW_ONLY_H_

#include <linux/bpf.h>

#include <set>
#include <span>

#include "bpf/loader/known_registers.h"

namespace ebpf_exporter {

class GrowOnly {
 public:
  // `program` as the kernel got it: maps are descriptors, and the functions
  // that it calls follow it.
  void AddProgram(std::span<const bpf_insn> program);

  // True if no program so far can remove or replace an entry of the map.
  bool Holds(int map_fd) const { return !any_map_ && !maps_.contains(map_fd); }

 private:
  void TakeCall(const bpf_insn& call, const KnownRegisters& registers);
  // The map in the register no longer only grows; nor does any, if it is not
  // known which.
  void Taint(const Known& map);

  std::set<int> maps_;    // those that may lose entries
  bool any_map_ = false;  // every map may
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_GROW_ONLY_H_
