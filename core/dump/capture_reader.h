// CaptureReader reads a capture front to back, in memory that does not depend
// on its number of entries: a block, and the names that were recorded.
//
//   CaptureReader reader(std::move(source), {.lenient = true});
//
// then as dump_reader.h shows. Every byte is checked before it is used, and at
// the end that nothing is missing. Damage is a DataLoss error that names it and
// the byte; with `lenient` what precedes it is read, it stands in notes(), and
// only a capture whose very beginning is damaged is an error.
//
// Names are read where they stand, which is before the entries that use them:
// ask symbols() again, or look it up through the pointer, after each batch.

#ifndef EBPF_EXPORTER_CORE_DUMP_CAPTURE_READER_H_
#define EBPF_EXPORTER_CORE_DUMP_CAPTURE_READER_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/dump/byte_source.h"
#include "core/dump/capture_blocks.h"
#include "core/dump/capture_format.h"
#include "core/dump/dump_reader.h"
#include "core/dump/entry_batch.h"
#include "core/layout/btf.h"
#include "core/layout/btf_shape.h"
#include "core/layout/shape.h"
#include "core/resolve/kallsyms.h"
#include "core/resolve/name_table.h"

namespace ebpf_exporter {

struct CaptureOptions {
  bool lenient = false;
};

class CaptureReader final : public DumpReader {
 public:
  explicit CaptureReader(std::unique_ptr<ByteSource> source,
                         CaptureOptions options = {})
      : blocks_(std::move(source)), options_(options) {}

  absl::StatusOr<const DumpedMap*> NextMap() override;
  absl::StatusOr<EntryBatch> NextBatch() override;
  const DumpOrigin* origin() const override {
    return origin_.has_value() ? &*origin_ : nullptr;
  }
  const SymbolTable* symbols() const override {
    return has_symbols_ ? &symbols_ : nullptr;
  }
  const NameTable* names(NameKind kind) const override {
    const auto& names = names_[static_cast<size_t>(kind)];
    return names.has_value() ? &*names : nullptr;
  }
  const DumpNotes& notes() const override { return notes_; }

 private:
  using BlockKind = internal::BlockKind;
  using BlockHead = internal::BlockHead;

  // Reads up to the next block that is not a fact into `head_`; does nothing if
  // that one has not been used. False at the end, be it of what can be read.
  absl::StatusOr<bool> Advance();
  absl::StatusOr<bool> ReadBlock();
  // Ends the reading: the error itself, or OK when it is only noted.
  absl::Status Fail(absl::Status why);

  absl::Status ReadBeginning();
  absl::Status TakeOrigin();
  absl::Status TakeMap();
  absl::Status TakeShapes(std::string_view btf, uint32_t key, uint32_t value);
  // A block of facts; one that is not known is stepped over.
  absl::Status TakeFact(BlockKind kind);
  absl::Status TakeNames(NameKind kind);
  absl::Status TakeMachine();
  absl::Status TakeSymbols();
  // Makes symbols_ of what has been taken.
  absl::Status SettleSymbols();
  absl::Status TakeBreak();
  absl::StatusOr<EntryBatch> TakeEntries();
  absl::Status TakeEnd();
  uint64_t longest() const;

  internal::CaptureBlocks blocks_;
  const CaptureOptions options_;
  std::optional<DumpOrigin> origin_;
  std::optional<BlockHead> head_;  // a block read and not yet used
  absl::Status status_;            // of the reading; sticky
  bool ended_ = false;
  DumpedMap map_;
  bool in_map_ = false;
  EntryBatch shape_;  // of the current map's batches, without entries
  uint64_t entry_size_ = 0;
  uint64_t maps_ = 0;
  uint64_t entries_ = 0;
  uint64_t symbol_count_ = 0;
  bool has_symbols_ = false;
  std::string symbols_text_;
  uint64_t symbols_work_ = 0;  // bytes parsed so far
  bool symbols_settled_ = true;
  SymbolTable symbols_;
  std::array<std::optional<NameTable>, kNameKinds> names_;
  uint64_t names_size_ = 0;
  DumpNotes notes_;
};

// Implementation below.

inline absl::StatusOr<const DumpedMap*> CaptureReader::NextMap() {
  in_map_ = false;
  while (true) {
    const absl::StatusOr<bool> more = Advance();
    if (!more.ok()) return more.status();
    if (!*more) return nullptr;
    const BlockKind kind = head_->kind;
    absl::Status taken;
    if (kind == BlockKind::kMap) {
      taken = TakeMap();
      if (taken.ok()) return &map_;
    } else if (kind == BlockKind::kEntries && maps_ > 0) {
      taken = TakeEntries().status();  // skipped, but checked
    } else {
      taken = blocks_.Error("a block of entries that belong to no map");
    }
    if (absl::Status status = Fail(taken); !status.ok()) return status;
  }
}

inline absl::StatusOr<EntryBatch> CaptureReader::NextBatch() {
  const EntryBatch none = shape_;
  if (!in_map_) return none;
  const absl::StatusOr<bool> more = Advance();
  if (!more.ok()) return more.status();
  if (!*more || head_->kind != BlockKind::kEntries) {
    in_map_ = false;
    return none;
  }
  absl::StatusOr<EntryBatch> batch = TakeEntries();
  if (batch.ok()) return batch;
  if (absl::Status status = Fail(batch.status()); !status.ok()) return status;
  return none;
}

inline absl::StatusOr<bool> CaptureReader::Advance() {
  if (!status_.ok()) return status_;
  if (!origin_.has_value()) {
    status_ = ReadBeginning();
    if (!status_.ok()) return status_;
  }
  if (ended_) return false;
  if (head_.has_value()) return true;
  absl::StatusOr<bool> read = ReadBlock();
  if (read.ok()) return read;
  head_.reset();
  if (absl::Status status = Fail(read.status()); !status.ok()) return status;
  return false;
}

// True: a block waits in `head_`.
inline absl::StatusOr<bool> CaptureReader::ReadBlock() {
  while (!ended_) {
    absl::StatusOr<BlockHead> head = blocks_.Next(longest());
    if (!head.ok()) return head.status();
    head_ = *head;
    absl::Status taken;
    if (head->kind == BlockKind::kMap || head->kind == BlockKind::kEntries) {
      taken = SettleSymbols();
      if (!taken.ok()) return taken;
      return true;
    }
    if (internal::IsFact(head->kind)) {
      taken = TakeFact(head->kind);
    } else if (head->kind == BlockKind::kBrokenOff) {
      taken = TakeBreak();
    } else if (head->kind == BlockKind::kEnd) {
      taken = TakeEnd();
    } else {
      taken = blocks_.Error(absl::StrCat("a block of unknown kind ",
                                         static_cast<uint32_t>(head->kind)));
    }
    if (!taken.ok()) return taken;
    head_.reset();
  }
  return false;
}

inline absl::Status CaptureReader::Fail(absl::Status why) {
  if (why.ok()) return why;
  ended_ = true;
  head_.reset();
  if (options_.lenient) {
    notes_.damage.push_back(std::string(why.message()));
    return absl::OkStatus();
  }
  status_ = std::move(why);
  return status_;
}

inline absl::Status CaptureReader::ReadBeginning() {
  absl::Status status = blocks_.ReadFileHead();
  if (!status.ok()) return status;
  const absl::StatusOr<BlockHead> head = blocks_.Next(internal::kMaxBlock);
  if (!head.ok()) return head.status();
  if (head->kind != BlockKind::kOrigin) {
    return blocks_.Error("the first block is not of the origin");
  }
  return TakeOrigin();
}

inline absl::Status CaptureReader::TakeOrigin() {
  internal::FieldReader fields(blocks_.content());
  DumpOrigin origin;
  const uint32_t order = fields.U32();
  origin.endian = order == 2 ? std::endian::big : std::endian::little;
  origin.possible_cpus = fields.U32();
  origin.time_nanoseconds = fields.U64();
  origin.kernel_release = std::string(fields.Text());
  if (!fields.done() || order < 1 || order > 2 || origin.possible_cpus == 0) {
    return blocks_.Error("the block of the origin makes no sense");
  }
  origin_ = std::move(origin);
  return absl::OkStatus();
}

inline absl::Status CaptureReader::TakeMap() {
  internal::FieldReader fields(blocks_.content());
  map_ = DumpedMap();
  map_.endian = origin_->endian;
  MapShape& shape = map_.shape;
  shape.type = static_cast<MapType>(fields.U32());
  shape.key_size = fields.U32();
  shape.value_size = fields.U32();
  shape.max_entries = fields.U32();
  const uint32_t key = fields.U32();
  const uint32_t value = fields.U32();
  shape.name = std::string(fields.Text());
  map_.config = std::string(fields.Text());
  const std::string_view btf = fields.Text();
  const bool per_cpu = IsPerCpu(shape.type);
  const uint64_t stride =
      per_cpu ? (uint64_t{shape.value_size} + 7) / 8 * 8 : shape.value_size;
  const uint64_t cpus = per_cpu ? origin_->possible_cpus : 1;
  // Bounds first: then the product fits.
  if (!fields.done() || shape.key_size == 0 || shape.value_size == 0 ||
      shape.key_size > internal::kMaxEntry || stride > internal::kMaxEntry ||
      stride * cpus > internal::kMaxEntry) {
    return blocks_.Error("the block of a map makes no sense");
  }
  entry_size_ = shape.key_size + stride * cpus;
  shape_ = EntryBatch{.key_size = shape.key_size,
                      .value_size = shape.value_size,
                      .value_stride = static_cast<uint32_t>(stride),
                      .cpus = static_cast<uint32_t>(cpus)};
  if (absl::Status status = TakeShapes(btf, key, value); !status.ok()) {
    return status;
  }
  ++maps_;
  in_map_ = true;
  head_.reset();
  return absl::OkStatus();
}

inline absl::Status CaptureReader::TakeShapes(std::string_view btf,
                                              uint32_t key, uint32_t value) {
  if (btf.empty()) return absl::OkStatus();
  const absl::StatusOr<Btf> types = Btf::Parse(std::string(btf));
  if (!types.ok()) {
    return blocks_.Error(absl::StrCat("the types of map \"", map_.shape.name,
                                      "\": ", types.status().message()));
  }
  const auto take = [&](uint32_t id, uint32_t size,
                        std::optional<TypeShape>& shape) {
    if (id == 0 || id > types->type_count()) return;
    absl::StatusOr<TypeShape> found = ShapeOf(*types, id);
    // As with a live map: the sizes alone speak where a type does not fit.
    if (found.ok() && found->size == size) shape = *std::move(found);
  };
  take(key, map_.shape.key_size, map_.shape.key);
  take(value, map_.shape.value_size, map_.shape.value);
  return absl::OkStatus();
}

inline absl::Status CaptureReader::TakeFact(BlockKind kind) {
  switch (kind) {
    case BlockKind::kSymbols:
      return TakeSymbols();
    case BlockKind::kBlockDevices:
      return TakeNames(NameKind::kBlockDevices);
    case BlockKind::kInterfaces:
      return TakeNames(NameKind::kInterfaces);
    case BlockKind::kCgroups:
      return TakeNames(NameKind::kCgroups);
    case BlockKind::kPciNames:
      return TakeNames(NameKind::kPci);
    case BlockKind::kMachine:
      return TakeMachine();
    default:
      return absl::OkStatus();
  }
}

inline absl::Status CaptureReader::TakeNames(NameKind kind) {
  std::optional<NameTable>& names = names_[static_cast<size_t>(kind)];
  if (!names) names.emplace();
  names_size_ += blocks_.content().size();
  if (names_size_ > internal::kMaxNames) {
    return blocks_.Error("there are more names than any host has");
  }
  internal::FieldReader fields(blocks_.content());
  for (uint32_t i = 0; i < head_->count && fields.ok(); ++i) {
    const uint64_t id = fields.U64();
    const std::string_view name = fields.Text();
    if (fields.ok()) names->Add(id, name);
  }
  if (!fields.done()) {
    return blocks_.Error("a block of names is not made of names");
  }
  return absl::OkStatus();
}

inline absl::Status CaptureReader::TakeMachine() {
  internal::FieldReader fields(blocks_.content());
  origin_->machine = std::string(fields.Text());
  if (!fields.done()) {
    return blocks_.Error("the block of the machine makes no sense");
  }
  return absl::OkStatus();
}

inline absl::Status CaptureReader::TakeSymbols() {
  const std::string_view lines = blocks_.content();
  const auto count = std::count(lines.begin(), lines.end(), '\n');
  if (static_cast<uint64_t>(count) != head_->count ||
      (!lines.empty() && lines.back() != '\n')) {
    return blocks_.Error("a block of symbols is not made of lines");
  }
  if (symbols_text_.size() + lines.size() > internal::kMaxSymbols) {
    return blocks_.Error("there are more symbols than any kernel has");
  }
  has_symbols_ = true;
  symbol_count_ += head_->count;
  symbols_text_.append(lines);
  symbols_settled_ = symbols_settled_ && lines.empty();
  return absl::OkStatus();
}

// All over again, which is rare: names stand at the front but for those of
// entries that came while the capture was taken.
inline absl::Status CaptureReader::SettleSymbols() {
  if (symbols_settled_) return absl::OkStatus();
  symbols_work_ += symbols_text_.size();
  if (symbols_work_ > internal::kMaxSymbolsWork) {
    return blocks_.Error("the symbols are in too many pieces");
  }
  symbols_ = SymbolTable::Parse(symbols_text_);
  symbols_settled_ = true;
  return absl::OkStatus();
}

inline absl::Status CaptureReader::TakeBreak() {
  internal::FieldReader fields(blocks_.content());
  const std::string_view why = fields.Text();
  if (!fields.done() || maps_ == 0) {
    return blocks_.Error("the block of a break makes no sense");
  }
  const std::string what =
      absl::StrCat("the entries of map \"", map_.shape.name,
                   "\" are not all of them: ", why);
  if (!options_.lenient) return absl::DataLossError(what);
  notes_.damage.push_back(what);
  return absl::OkStatus();
}

inline absl::StatusOr<EntryBatch> CaptureReader::TakeEntries() {
  const uint64_t count = head_->count;
  const std::string_view content = blocks_.content();
  head_.reset();
  if (count == 0 || content.size() % entry_size_ != 0 ||
      content.size() / entry_size_ != count) {
    return blocks_.Error("a block of entries of another size than its map's");
  }
  entries_ += count;
  EntryBatch batch = shape_;
  batch.count = count;
  batch.keys = reinterpret_cast<const std::byte*>(content.data());
  batch.values = batch.keys + count * batch.key_size;
  return batch;
}

inline absl::Status CaptureReader::TakeEnd() {
  internal::FieldReader fields(blocks_.content());
  const uint64_t maps = fields.U64();
  const uint64_t entries = fields.U64();
  const uint64_t symbols = fields.U64();
  const uint32_t crc = fields.U32();
  if (!fields.done()) return blocks_.Error("the end block makes no sense");
  if (maps != maps_ || entries != entries_ || symbols != symbol_count_ ||
      crc != blocks_.heads_crc()) {
    return blocks_.Error(absl::StrCat(
        "blocks are missing or in disorder: ", maps_, " maps, ", entries_,
        " entries and ", symbol_count_, " symbols were read, ", maps, ", ",
        entries, " and ", symbols, " were written"));
  }
  if (absl::Status end = blocks_.ExpectEnd(); !end.ok()) return end;
  ended_ = true;
  return SettleSymbols();
}

inline uint64_t CaptureReader::longest() const {
  return std::max<uint64_t>(internal::kMaxBlock, entry_size_);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DUMP_CAPTURE_READER_H_
