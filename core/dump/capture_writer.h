// CaptureWriter writes a capture front to back, in constant memory.
//
//   CaptureWriter writer(&sink, origin);
//   writer.AddSymbols("ffffffff81000000 t _stext\n");   // what entries name
//   for each map:
//     writer.BeginMap(map);
//     for each batch: writer.Add(batch);
//     if it could not be read to its end: writer.BreakOff("why");
//   writer.Finish();
//   if (!writer.ok()) ...                               // the sink gave up
//
// Names stand before the entries that use them: the reader of a pipe cannot
// look ahead. A capture without Finish() reads as cut short.

#ifndef EBPF_EXPORTER_CORE_DUMP_CAPTURE_WRITER_H_
#define EBPF_EXPORTER_CORE_DUMP_CAPTURE_WRITER_H_

#include <algorithm>
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/dump/capture_format.h"
#include "core/dump/dump_reader.h"
#include "core/dump/entry_batch.h"
#include "core/exposition/chunk_buffer.h"
#include "core/layout/shape.h"
#include "core/resolve/names.h"

namespace ebpf_exporter {

namespace internal {

// Where names of a kind are recorded.
inline BlockKind BlockOf(NameKind kind) {
  constexpr BlockKind kBlocks[kNameKinds] = {
      BlockKind::kBlockDevices, BlockKind::kInterfaces, BlockKind::kCgroups,
      BlockKind::kPciNames};
  return kBlocks[static_cast<size_t>(kind)];
}

}  // namespace internal

// A map as it goes into a capture. Shapes of key and value are written as BTF;
// `shape.key` and `shape.value` are not looked at.
struct CapturedMap {
  MapShape shape;
  std::string config;     // the program it belongs to; empty if none
  std::string btf;        // of the types of key and value; may be empty
  uint32_t key_type = 0;  // ids in `btf`; 0 if the type is not known
  uint32_t value_type = 0;
};

template <ByteSink S>
class CaptureWriter {
 public:
  // `sink` outlives the writer.
  CaptureWriter(S* sink, const DumpOrigin& origin);

  // Lines as /proc/kallsyms has them, of symbols that entries still to be added
  // name. No lines at all say that nothing was found.
  void AddSymbols(std::string_view lines);

  // The same of other names. None at all say that none was found.
  void AddNames(NameKind kind, const NumberedNames& names);

  void BeginMap(const CapturedMap& map);
  // Entries of the map begun last, which have its sizes, and the CPUs of the
  // origin if it is per-CPU.
  void Add(const EntryBatch& batch);
  // The map's entries are not all of them, for this reason.
  void BreakOff(std::string_view why);

  void Finish();

  // False once the sink has refused bytes; what is added then is lost.
  bool ok() const { return ok_; }

 private:
  using BlockKind = internal::BlockKind;

  void Put(std::string_view bytes) { ok_ = ok_ && sink_->Write(bytes); }
  // Writes a block whose content is in two parts.
  void PutBlock(BlockKind kind, uint64_t count, std::string_view first,
                std::string_view second = {});

  S* const sink_;
  const DumpOrigin origin_;
  uint32_t crc_ = 0;  // of all heads
  uint64_t maps_ = 0;
  uint64_t entries_ = 0;
  uint64_t symbols_ = 0;
  bool ok_ = true;
};

// Implementation below.

template <ByteSink S>
CaptureWriter<S>::CaptureWriter(S* sink, const DumpOrigin& origin)
    : sink_(sink), origin_(origin) {
  const std::string head = internal::FileHead();
  crc_ = internal::HeadsCrc(head);
  Put(head);
  std::string content;
  const bool big = origin.endian == std::endian::big;
  internal::PutLittle(uint32_t{big ? 2U : 1U}, content);
  internal::PutLittle(origin.possible_cpus, content);
  internal::PutLittle(origin.time_nanoseconds, content);
  internal::PutText(origin.kernel_release, content);
  PutBlock(BlockKind::kOrigin, 1, content);
  if (origin.machine.empty()) return;
  content.clear();
  internal::PutText(origin.machine, content);
  PutBlock(BlockKind::kMachine, 1, content);
}

template <ByteSink S>
void CaptureWriter<S>::AddSymbols(std::string_view lines) {
  do {  // also once for none
    std::string_view part = lines.substr(0, internal::kGoodBlock);
    part = part.substr(0, part.rfind('\n') + 1);
    const auto count = std::count(part.begin(), part.end(), '\n');
    symbols_ += static_cast<uint64_t>(count);
    PutBlock(BlockKind::kSymbols, static_cast<uint64_t>(count), part);
    if (part.empty()) return;
    lines.remove_prefix(part.size());
  } while (!lines.empty());
}

template <ByteSink S>
void CaptureWriter<S>::AddNames(NameKind kind, const NumberedNames& names) {
  std::string content;
  uint64_t count = 0;
  const auto put = [&] {
    PutBlock(internal::BlockOf(kind), count, content);
    content.clear();
    count = 0;
  };
  for (const NumberedName& one : names) {
    internal::PutLittle(one.id, content);
    internal::PutText(one.name, content);
    ++count;
    if (content.size() >= internal::kGoodBlock) put();
  }
  if (count > 0 || names.empty()) put();
}

template <ByteSink S>
void CaptureWriter<S>::BeginMap(const CapturedMap& map) {
  std::string content;
  internal::PutLittle(static_cast<uint32_t>(map.shape.type), content);
  internal::PutLittle(map.shape.key_size, content);
  internal::PutLittle(map.shape.value_size, content);
  internal::PutLittle(map.shape.max_entries, content);
  internal::PutLittle(map.key_type, content);
  internal::PutLittle(map.value_type, content);
  internal::PutText(map.shape.name, content);
  internal::PutText(map.config, content);
  internal::PutText(map.btf, content);
  ++maps_;
  PutBlock(BlockKind::kMap, 1, content);
}

template <ByteSink S>
void CaptureWriter<S>::Add(const EntryBatch& batch) {
  const size_t value = size_t{batch.value_stride} * batch.cpus;
  const size_t good =
      std::max<size_t>(1, internal::kGoodBlock / (batch.key_size + value));
  for (size_t at = 0; at < batch.count; at += good) {
    const size_t count = std::min(good, batch.count - at);
    PutBlock(
        BlockKind::kEntries, count,
        {reinterpret_cast<const char*>(batch.key(at)), count * batch.key_size},
        {reinterpret_cast<const char*>(batch.value(at)), count * value});
    entries_ += count;
  }
}

template <ByteSink S>
void CaptureWriter<S>::BreakOff(std::string_view why) {
  std::string content;
  internal::PutText(why, content);
  PutBlock(BlockKind::kBrokenOff, 1, content);
}

template <ByteSink S>
void CaptureWriter<S>::Finish() {
  std::string content;
  internal::PutLittle(maps_, content);
  internal::PutLittle(entries_, content);
  internal::PutLittle(symbols_, content);
  internal::PutLittle(crc_, content);
  PutBlock(BlockKind::kEnd, 1, content);
}

template <ByteSink S>
void CaptureWriter<S>::PutBlock(BlockKind kind, uint64_t count,
                                std::string_view first,
                                std::string_view second) {
  const std::string head = internal::Encode(
      {.kind = kind,
       .count = static_cast<uint32_t>(count),
       .length = static_cast<uint32_t>(first.size() + second.size()),
       .content_crc = internal::Crc(second, internal::Crc(first))});
  crc_ = internal::HeadsCrc(head, crc_);
  Put(head);
  Put(first);
  Put(second);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DUMP_CAPTURE_WRITER_H_
