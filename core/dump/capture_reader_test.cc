#include "core/dump/capture_reader.h"

#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/dump/byte_source.h"
#include "core/dump/capture_exercise.h"
#include "core/dump/capture_format.h"
#include "core/dump/capture_writer.h"
#include "core/dump/zstd_sink.h"
#include "core/dump/zstd_source.h"
#include "core/layout/btf_builder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using internal::BlockKind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr CaptureOptions kLenient = {.lenient = true};

// A capture made by hand, block by block, with right checksums.
class Forge {
 public:
  Forge() { Add(BlockKind::kOrigin, 1, Origin(1, 1)); }

  static std::string Origin(uint32_t order, uint32_t cpus) {
    std::string content;
    internal::PutLittle(order, content);
    internal::PutLittle(cpus, content);
    internal::PutLittle(uint64_t{1}, content);
    internal::PutText("kernel", content);
    return content;
  }
  static std::string Map(uint32_t key_size, uint32_t value_size,
                         MapType type = MapType::kHash,
                         std::string_view btf = "", uint32_t key = 0,
                         uint32_t value = 0) {
    std::string content;
    internal::PutLittle(static_cast<uint32_t>(type), content);
    internal::PutLittle(key_size, content);
    internal::PutLittle(value_size, content);
    internal::PutLittle(uint32_t{10}, content);
    internal::PutLittle(key, content);
    internal::PutLittle(value, content);
    internal::PutText("m", content);
    internal::PutText("", content);
    internal::PutText(btf, content);
    return content;
  }
  Forge& Add(BlockKind kind, uint32_t count, std::string_view content) {
    const std::string head =
        internal::Encode({.kind = kind,
                          .count = count,
                          .length = static_cast<uint32_t>(content.size()),
                          .content_crc = internal::Crc(content)});
    crc_ = internal::HeadsCrc(head, crc_);
    bytes_ += head;
    bytes_.append(content);
    return *this;
  }
  Forge& AddEnd(uint64_t maps, uint64_t entries, uint64_t symbols) {
    std::string content;
    internal::PutLittle(maps, content);
    internal::PutLittle(entries, content);
    internal::PutLittle(symbols, content);
    internal::PutLittle(crc_, content);
    return Add(BlockKind::kEnd, 1, content);
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_ = internal::FileHead();
  uint32_t crc_ = internal::HeadsCrc(bytes_);
};

std::string ErrorOf(const Forge& forge) {
  return std::string(ReadCapture(forge.bytes()).status.message());
}

TEST(CaptureReaderTest, ReadsWhatTheWriterWrote) {
  CaptureReader reader(std::make_unique<SmallSource>(SmallCapture()));
  EXPECT_EQ(reader.origin(), nullptr);
  EXPECT_EQ(reader.symbols(), nullptr);
  const ReadResult result = ReadAll(reader);
  EXPECT_TRUE(result.status.ok()) << result.status;
  EXPECT_EQ(result.maps, SmallCaptureMaps());
  EXPECT_THAT(result.notes.damage, IsEmpty());
  ASSERT_NE(reader.origin(), nullptr);
  EXPECT_EQ(reader.origin()->kernel_release, "6.1.0-test");
  EXPECT_EQ(reader.origin()->time_nanoseconds, 1'700'000'000'123'456'789u);
  EXPECT_EQ(reader.origin()->possible_cpus, 2u);
  EXPECT_EQ(reader.origin()->endian, std::endian::little);
  ASSERT_NE(reader.symbols(), nullptr);
  EXPECT_EQ(reader.symbols()->Find(0xffffffff81000010), "first");
  // Asking again at the end is harmless.
  EXPECT_EQ(*reader.NextMap(), nullptr);
  EXPECT_EQ(reader.NextBatch()->count, 0u);
}

TEST(CaptureReaderTest, SaysWhatAMapIs) {
  CaptureReader reader(std::make_unique<StringSource>(SmallCapture(true)));
  const DumpedMap* map = *reader.NextMap();
  EXPECT_EQ(map->shape.name, "counts");
  EXPECT_EQ(map->config, "demo");
  EXPECT_EQ(map->shape.type, MapType::kHash);
  EXPECT_EQ(map->shape.key_size, 4u);
  EXPECT_EQ(map->shape.value_size, 2u);
  EXPECT_EQ(map->shape.max_entries, 10u);
  EXPECT_FALSE(map->shape.key.has_value());
  EXPECT_EQ(map->endian, std::endian::big);
  map = *reader.NextMap();  // the entries of the first are stepped over
  EXPECT_EQ(map->shape.name, "by_cpu");
  const EntryBatch batch = *reader.NextBatch();
  EXPECT_EQ(batch.cpus, 2u);
  EXPECT_EQ(batch.value_stride, 8u);
  EXPECT_EQ(batch.value_size, 8u);
}

TEST(CaptureReaderTest, ValuesOfEachCpuAreRoundedUpToEightBytes) {
  Forge forge;
  forge.Add(BlockKind::kMap, 1, Forge::Map(2, 5, MapType::kPerCpuArray));
  forge.Add(BlockKind::kEntries, 1, "kk12345678");
  forge.AddEnd(1, 1, 0);
  CaptureReader reader(std::make_unique<StringSource>(forge.bytes()));
  ASSERT_NE(*reader.NextMap(), nullptr);
  const EntryBatch batch = *reader.NextBatch();
  EXPECT_EQ(batch.value_size, 5u);
  EXPECT_EQ(batch.value_stride, 8u);
}

TEST(CaptureReaderTest, EveryTruncationIsNoticedAndWhatPrecedesItRead) {
  const std::string whole = SmallCapture();
  const std::vector<ReadMap> all = SmallCaptureMaps();
  size_t most_maps = 0;
  for (size_t size = 0; size < whole.size(); ++size) {
    const ReadResult strict = ReadCapture(whole.substr(0, size));
    ASSERT_EQ(strict.status.code(), absl::StatusCode::kDataLoss) << size;
    EXPECT_THAT(std::string(strict.status.message()),
                testing::AnyOf(HasSubstr("cut short"), HasSubstr("no")))
        << size;
    const ReadResult lenient = ReadCapture(whole.substr(0, size), kLenient);
    if (!lenient.status.ok()) {
      EXPECT_LT(size, 16u + 20 + 30) << lenient.status;
      continue;
    }
    ASSERT_THAT(lenient.notes.damage, ElementsAre(HasSubstr("cut short")));
    EXPECT_EQ(lenient.maps.size(), strict.maps.size());
    ASSERT_LE(lenient.maps.size(), all.size());
    for (size_t i = 0; i < lenient.maps.size(); ++i) {
      EXPECT_EQ(lenient.maps[i].name, all[i].name);
      ASSERT_LE(lenient.maps[i].keys.size(), all[i].keys.size());
      for (size_t k = 0; k < lenient.maps[i].keys.size(); ++k) {
        EXPECT_EQ(lenient.maps[i].keys[k], all[i].keys[k]);
        EXPECT_EQ(lenient.maps[i].values[k], all[i].values[k]);
      }
    }
    ASSERT_GE(lenient.maps.size(), most_maps);
    most_maps = lenient.maps.size();
  }
  EXPECT_EQ(most_maps, all.size());
}

TEST(CaptureReaderTest, EveryFlippedBitIsNoticed) {
  const std::string whole = SmallCapture();
  for (size_t at = 0; at < whole.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = whole;
      flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
      const ReadResult strict = ReadCapture(flipped);
      ASSERT_EQ(strict.status.code(), absl::StatusCode::kDataLoss)
          << at << " " << bit;
      EXPECT_THAT(std::string(strict.status.message()),
                  HasSubstr("capture damaged at byte"));
      const ReadResult lenient = ReadCapture(flipped, kLenient);
      if (lenient.status.ok()) {
        ASSERT_EQ(lenient.notes.damage.size(), 1u) << at << " " << bit;
      }
    }
  }
}

TEST(CaptureReaderTest, APackedOneCutShortIsReadAsFarAsItGoes) {
  StringSink packed;
  ZstdSink sink(&packed);
  CaptureWriter writer(&sink, DumpOrigin());
  CapturedMap map;
  map.shape = internal::SizesOf("m", MapType::kHash, 8, 8);
  writer.BeginMap(map);
  std::mt19937_64 random(4);
  std::string bytes;  // that do not pack
  for (int i = 0; i < 100'000; ++i) internal::PutLittle(random(), bytes);
  for (int i = 0; i < 4; ++i) {
    writer.Add(internal::BatchOf(bytes, bytes, 100'000, 1));
  }
  writer.Finish();
  ASSERT_TRUE(sink.Finish());
  const auto read = [&](size_t size, CaptureOptions options) {
    CaptureReader reader(
        std::make_unique<ZstdSource>(
            std::make_unique<StringSource>(packed.bytes.substr(0, size))),
        options);
    return ReadAll(reader);
  };
  EXPECT_TRUE(read(packed.bytes.size(), {}).status.ok());
  const size_t most = packed.bytes.size() - 100;
  EXPECT_THAT(std::string(read(most, {}).status.message()),
              HasSubstr("zstd: damaged before packed byte"));
  const ReadResult lenient = read(most, kLenient);
  EXPECT_TRUE(lenient.status.ok()) << lenient.status;
  EXPECT_THAT(lenient.notes.damage, ElementsAre(HasSubstr("it is cut short")));
  ASSERT_EQ(lenient.maps.size(), 1u);
  EXPECT_GE(lenient.maps[0].keys.size(), 65'536u);
}

// Whole blocks with checksums of their own, taken away, doubled and exchanged.
TEST(CaptureReaderTest, MissingDoubledAndExchangedBlocksAreNoticed) {
  const std::string whole = SmallCapture();
  std::vector<std::string> blocks;
  for (size_t at = 16; at < whole.size();) {
    internal::FieldReader fields(std::string_view(whole).substr(at + 8));
    const size_t size = 20 + fields.U32();
    blocks.push_back(whole.substr(at, size));
    at += size;
  }
  ASSERT_EQ(blocks.size(), 9u);
  const auto join = [](const std::vector<std::string>& parts) {
    std::string bytes = internal::FileHead();
    for (const std::string& part : parts) bytes += part;
    return bytes;
  };
  ASSERT_TRUE(ReadCapture(join(blocks)).status.ok());
  for (size_t i = 0; i < blocks.size(); ++i) {
    std::vector<std::string> changed = blocks;
    changed.erase(changed.begin() + static_cast<ptrdiff_t>(i));
    EXPECT_FALSE(ReadCapture(join(changed)).status.ok()) << i;
    changed = blocks;
    changed.insert(changed.begin() + static_cast<ptrdiff_t>(i), blocks[i]);
    EXPECT_FALSE(ReadCapture(join(changed)).status.ok()) << i;
    if (i == 0) continue;
    changed = blocks;
    std::swap(changed[i - 1], changed[i]);
    EXPECT_FALSE(ReadCapture(join(changed)).status.ok()) << i;
  }
}

TEST(CaptureReaderTest, TheSameErrorComesAgain) {
  CaptureReader reader(
      std::make_unique<StringSource>(SmallCapture().substr(0, 100)));
  while (reader.NextMap().ok()) {
  }
  const absl::Status first = reader.NextMap().status();
  EXPECT_EQ(first.code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(reader.NextMap().status(), first);
}

TEST(CaptureReaderTest, RefusesBlocksThatMakeNoSense) {
  Forge entries_first;
  entries_first.Add(BlockKind::kEntries, 1, "x");
  EXPECT_THAT(ErrorOf(entries_first), HasSubstr("belong to no map"));
  Forge unknown;
  unknown.Add(static_cast<BlockKind>(99), 1, "");
  EXPECT_THAT(ErrorOf(unknown), HasSubstr("unknown kind 99"));
  Forge origin_again;
  origin_again.Add(BlockKind::kOrigin, 1, Forge::Origin(1, 1));
  EXPECT_THAT(ErrorOf(origin_again), HasSubstr("unknown kind 1"));
  Forge break_first;
  break_first.Add(BlockKind::kBrokenOff, 1, std::string(4, '\0'));
  EXPECT_THAT(ErrorOf(break_first), HasSubstr("a break makes no sense"));
  Forge end;
  end.Add(BlockKind::kEnd, 1, "short");
  EXPECT_THAT(ErrorOf(end), HasSubstr("end block makes no sense"));
  Forge symbols;
  symbols.Add(BlockKind::kSymbols, 2, "one line\n");
  EXPECT_THAT(ErrorOf(symbols), HasSubstr("not made of lines"));
  Forge half_line;
  half_line.Add(BlockKind::kSymbols, 1, "one line\nhalf");
  EXPECT_THAT(ErrorOf(half_line), HasSubstr("not made of lines"));
  for (const std::string& names : {std::string("short"), std::string(13, 0)}) {
    Forge damaged;
    damaged.Add(BlockKind::kCgroups, 1, names);
    EXPECT_THAT(ErrorOf(damaged), HasSubstr("not made of names"));
  }
  Forge too_few;
  too_few.Add(BlockKind::kPciNames, 4000000000, std::string(12, 0));
  EXPECT_THAT(ErrorOf(too_few), HasSubstr("not made of names"));
  Forge machine;
  machine.Add(BlockKind::kMachine, 1, "x86");
  EXPECT_THAT(ErrorOf(machine), HasSubstr("machine makes no sense"));
}

TEST(CaptureReaderTest, RefusesAnOriginThatMakesNoSense) {
  for (const std::string& origin :
       {Forge::Origin(0, 1), Forge::Origin(3, 1), Forge::Origin(1, 0),
        Forge::Origin(1, 1) + "x", std::string("short")}) {
    std::string bytes = internal::FileHead();
    bytes += internal::Encode({.kind = BlockKind::kOrigin,
                               .count = 1,
                               .length = static_cast<uint32_t>(origin.size()),
                               .content_crc = internal::Crc(origin)});
    bytes += origin;
    for (const CaptureOptions options : {CaptureOptions(), kLenient}) {
      EXPECT_THAT(std::string(ReadCapture(bytes, options).status.message()),
                  HasSubstr("origin makes no sense"));
    }
  }
}

TEST(CaptureReaderTest, RefusesMapsOfAbsurdSizes) {
  for (const std::string& map :
       {Forge::Map(0, 8), Forge::Map(4, 0), Forge::Map(0xffffffff, 8),
        Forge::Map(4, 0xffffffff), Forge::Map(4, 8) + "x",
        Forge::Map(4, 0xffffffff, MapType::kPerCpuHash)}) {
    Forge forge;
    forge.Add(BlockKind::kMap, 1, map);
    EXPECT_THAT(ErrorOf(forge), HasSubstr("a map makes no sense"));
  }
  std::string bytes = internal::FileHead();
  const std::string origin = Forge::Origin(1, 0x40000000);
  bytes += internal::Encode({.kind = BlockKind::kOrigin,
                             .count = 1,
                             .length = static_cast<uint32_t>(origin.size()),
                             .content_crc = internal::Crc(origin)}) +
           origin;
  const std::string map = Forge::Map(4, 8, MapType::kPerCpuHash);
  bytes += internal::Encode({.kind = BlockKind::kMap,
                             .count = 1,
                             .length = static_cast<uint32_t>(map.size()),
                             .content_crc = internal::Crc(map)}) +
           map;
  EXPECT_THAT(std::string(ReadCapture(bytes).status.message()),
              HasSubstr("a map makes no sense"));
}

TEST(CaptureReaderTest, RefusesEntriesOfAnotherSize) {
  for (const auto& [count, content] :
       std::vector<std::pair<uint32_t, std::string>>{{0, ""},
                                                     {1, "12345"},
                                                     {1, "1234567"},
                                                     {2, "123456"},
                                                     {0, "123456"},
                                                     {0x55555556, "123456"}}) {
    Forge forge;
    forge.Add(BlockKind::kMap, 1, Forge::Map(4, 2));
    forge.Add(BlockKind::kEntries, count, content);
    EXPECT_THAT(ErrorOf(forge), HasSubstr("another size than its map's"))
        << count << " " << content;
    EXPECT_EQ(ReadCapture(forge.bytes(), kLenient).maps.size(), 1u);
  }
}

TEST(CaptureReaderTest, CountsAndOrderAreCheckedAtTheEnd) {
  Forge forge;
  forge.Add(BlockKind::kMap, 1, Forge::Map(4, 2));
  forge.Add(BlockKind::kEntries, 1, "123456");
  forge.AddEnd(1, 2, 3);
  EXPECT_THAT(ErrorOf(forge),
              HasSubstr("blocks are missing or in disorder: 1 maps, 1 entries "
                        "and 0 symbols were read, 1, 2 and 3 were written"));
  const ReadResult lenient = ReadCapture(forge.bytes(), kLenient);
  ASSERT_EQ(lenient.maps.size(), 1u);
  EXPECT_THAT(lenient.maps[0].keys, ElementsAre("1234"));
  EXPECT_THAT(lenient.notes.damage, ElementsAre(HasSubstr("missing")));
}

TEST(CaptureReaderTest, FactsOfLaterReadersAreSteppedOver) {
  Forge forge;
  forge.Add(static_cast<BlockKind>(22), 7, "whatever")
      .Add(static_cast<BlockKind>(31), 0, "")
      .Add(BlockKind::kMap, 1, Forge::Map(4, 2))
      .Add(static_cast<BlockKind>(29), 1, "more")
      .Add(BlockKind::kEntries, 1, "123456")
      .AddEnd(1, 1, 0);
  const ReadResult result = ReadCapture(forge.bytes());
  EXPECT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.maps[0].keys, ElementsAre("1234"));
}

TEST(CaptureReaderTest, SymbolsMayComeBetweenEntriesAndAllAreKnownThen) {
  Forge forge;
  forge.Add(BlockKind::kSymbols, 1, "10 t early\n")
      .Add(BlockKind::kMap, 1, Forge::Map(4, 2))
      .Add(BlockKind::kEntries, 1, "123456")
      .Add(BlockKind::kSymbols, 1, "20 t late\n")
      .Add(BlockKind::kEntries, 1, "123456")
      .AddEnd(1, 2, 2);
  CaptureReader reader(std::make_unique<StringSource>(forge.bytes()));
  ASSERT_TRUE(reader.NextMap().ok());
  ASSERT_EQ(reader.NextBatch()->count, 1u);
  const SymbolTable* const symbols = reader.symbols();
  ASSERT_NE(symbols, nullptr);
  EXPECT_EQ(symbols->Find(0x20), std::nullopt);
  ASSERT_EQ(reader.NextBatch()->count, 1u);
  EXPECT_EQ(reader.symbols(), symbols);
  EXPECT_EQ(symbols->Find(0x20), "late");
  EXPECT_EQ(symbols->Find(0x10), "early");
  EXPECT_EQ(*reader.NextMap(), nullptr);
}

TEST(CaptureReaderTest, NamesAndMachineComeBack) {
  StringSink sink;
  CaptureWriter writer(&sink, DumpOrigin{.machine = "aarch64"});
  writer.AddNames(NameKind::kCgroups, {{1, "/"}, {UINT64_MAX, "/a\nb"}});
  NumberedNames many;
  for (uint64_t id = 0; id < 100'000; ++id) {
    many.push_back({id, "interface" + std::to_string(id)});
  }
  writer.AddNames(NameKind::kInterfaces, many);
  writer.AddNames(NameKind::kPci, {});
  writer.Finish();
  CaptureReader reader(std::make_unique<StringSource>(sink.bytes));
  ASSERT_EQ(*reader.NextMap(), nullptr);
  EXPECT_EQ(reader.origin()->machine, "aarch64");
  std::string out;
  EXPECT_TRUE(reader.names(NameKind::kCgroups)->AppendName(UINT64_MAX, out));
  EXPECT_EQ(out, "/a\nb");
  EXPECT_EQ(reader.names(NameKind::kInterfaces)->size(), many.size());
  EXPECT_EQ(reader.names(NameKind::kPci)->size(), 0u);
  EXPECT_EQ(reader.names(NameKind::kBlockDevices), nullptr);
}

TEST(CaptureReaderTest, NoSymbolsFoundIsNotNoneRecorded) {
  Forge forge;
  forge.Add(BlockKind::kSymbols, 0, "").AddEnd(0, 0, 0);
  CaptureReader reader(std::make_unique<StringSource>(forge.bytes()));
  EXPECT_EQ(*reader.NextMap(), nullptr);
  ASSERT_NE(reader.symbols(), nullptr);
  EXPECT_EQ(reader.symbols()->size(), 0u);
}

TEST(CaptureReaderTest, AMapThatBrokeOffIsSaid) {
  std::string why;
  internal::PutText("the walk was given up", why);
  Forge forge;
  forge.Add(BlockKind::kMap, 1, Forge::Map(4, 2))
      .Add(BlockKind::kEntries, 1, "123456")
      .Add(BlockKind::kBrokenOff, 1, why)
      .Add(BlockKind::kMap, 1, Forge::Map(1, 1))
      .Add(BlockKind::kEntries, 1, "kv")
      .AddEnd(2, 2, 0);
  EXPECT_EQ(ErrorOf(forge),
            "the entries of map \"m\" are not all of them: the walk was given "
            "up");
  const ReadResult lenient = ReadCapture(forge.bytes(), kLenient);
  EXPECT_TRUE(lenient.status.ok()) << lenient.status;
  ASSERT_EQ(lenient.maps.size(), 2u);
  EXPECT_THAT(lenient.maps[1].keys, ElementsAre("k"));
  EXPECT_THAT(lenient.notes.damage, ElementsAre(HasSubstr("given up")));
}

std::string KeyTypes() {
  BtfBuilder b;
  const uint32_t u64 = b.Int("__u64", 8);
  const uint32_t u32 = b.Int("__u32", 4);
  b.Struct("key", 16, {{"address", u64, 0}, {"kind", u32, 64}});
  return b.Build();
}

void ExpectKeyShape(const std::string& btf) {
  Forge forge;
  forge.Add(BlockKind::kMap, 1, Forge::Map(16, 8, MapType::kHash, btf, 3, 1));
  forge.AddEnd(1, 0, 0);
  CaptureReader reader(std::make_unique<StringSource>(forge.bytes()));
  const absl::StatusOr<const DumpedMap*> map = reader.NextMap();
  ASSERT_TRUE(map.ok()) << map.status();
  ASSERT_TRUE((*map)->shape.key.has_value());
  const TypeShape& key = *(*map)->shape.key;
  EXPECT_EQ(key.name, "struct key");
  ASSERT_EQ(key.members.size(), 2u);
  EXPECT_EQ(key.members[1].name, "kind");
  EXPECT_EQ(key.members[1].offset, 8u);
  ASSERT_TRUE((*map)->shape.value.has_value());
  EXPECT_EQ((*map)->shape.value->name, "__u64");
}

TEST(CaptureReaderTest, TypesOfEitherByteOrderGiveTheSameShapes) {
  ExpectKeyShape(KeyTypes());
  ExpectKeyShape(ForeignBtf(KeyTypes()));
}

TEST(CaptureReaderTest, TypesThatDoNotFitLeaveTheShapeOut) {
  Forge forge;
  forge.Add(BlockKind::kMap, 1,
            Forge::Map(12, 8, MapType::kHash, KeyTypes(), 3, 99));
  forge.AddEnd(1, 0, 0);
  CaptureReader reader(std::make_unique<StringSource>(forge.bytes()));
  const absl::StatusOr<const DumpedMap*> map = reader.NextMap();
  ASSERT_TRUE(map.ok()) << map.status();
  EXPECT_FALSE((*map)->shape.key.has_value());
  EXPECT_FALSE((*map)->shape.value.has_value());
}

TEST(CaptureReaderTest, DamagedTypesAreDamage) {
  Forge forge;
  forge.Add(BlockKind::kMap, 1,
            Forge::Map(16, 8, MapType::kHash, "no BTF at all, no no no", 3));
  EXPECT_THAT(ErrorOf(forge), HasSubstr("the types of map \"m\": BTF is"));
}

// Random maps through writer and reader.
TEST(CaptureReaderTest, RandomCapturesComeBack) {
  std::mt19937 random(20);
  const auto below = [&random](uint32_t limit) {
    return static_cast<uint32_t>(random() % limit);
  };
  const auto bytes = [&random](size_t size) {
    std::string out(size, '\0');
    for (char& byte : out) byte = static_cast<char>(random());
    return out;
  };
  for (int round = 0; round < 100; ++round) {
    StringSink sink;
    DumpOrigin origin{.kernel_release = bytes(below(10)),
                      .time_nanoseconds = random(),
                      .possible_cpus = 1 + below(5)};
    CaptureWriter writer(&sink, origin);
    std::vector<ReadMap> expected;
    for (uint32_t maps = below(4); maps > 0; --maps) {
      CapturedMap map;
      map.shape.name = bytes(below(20));
      map.config = bytes(below(5));
      map.shape.type = below(2) == 0 ? MapType::kHash : MapType::kPerCpuHash;
      map.shape.key_size = 1 + below(40);
      map.shape.value_size = 1 + below(3000);
      writer.BeginMap(map);
      expected.push_back({.name = map.shape.name, .config = map.config});
      const bool per_cpu = IsPerCpu(map.shape.type);
      const uint32_t cpus = per_cpu ? origin.possible_cpus : 1;
      const uint32_t stride =
          per_cpu ? (map.shape.value_size + 7) / 8 * 8 : map.shape.value_size;
      for (uint32_t batches = below(4); batches > 0; --batches) {
        const size_t count = 1 + below(round % 20 == 0 ? 500 : 9);
        const std::string keys = bytes(count * map.shape.key_size);
        const std::string values = bytes(count * stride * cpus);
        writer.Add({.keys = reinterpret_cast<const std::byte*>(keys.data()),
                    .values = reinterpret_cast<const std::byte*>(values.data()),
                    .count = count,
                    .key_size = map.shape.key_size,
                    .value_size = map.shape.value_size,
                    .value_stride = stride,
                    .cpus = cpus});
        for (size_t i = 0; i < count; ++i) {
          expected.back().keys.push_back(
              keys.substr(i * map.shape.key_size, map.shape.key_size));
          expected.back().values.push_back(
              values.substr(i * stride * cpus, stride * cpus));
        }
      }
    }
    writer.Finish();
    EXPECT_TRUE(writer.ok());
    CaptureReader reader(std::make_unique<StringSource>(sink.bytes));
    const ReadResult result = ReadAll(reader);
    ASSERT_TRUE(result.status.ok()) << result.status;
    ASSERT_EQ(result.maps, expected);
    EXPECT_EQ(reader.origin()->kernel_release, origin.kernel_release);
    EXPECT_EQ(reader.origin()->time_nanoseconds, origin.time_nanoseconds);
  }
}

}  // namespace
}  // namespace ebpf_exporter
