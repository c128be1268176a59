#include "bpf/loader/object.h"

#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "bpf/loader/elf_check.h"
#include "bpf/loader/many_programs.h"
#include "bpf/loader/test_object.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;

using Bytes = std::vector<std::byte>;

Bytes BytesOf(std::string_view name) {
  std::span<const std::byte> object = TestObject(name);
  return Bytes(object.begin(), object.end());
}

auto Program(std::string_view function, std::string_view section,
             std::string_view type, bool optional) {
  return AllOf(Field("function", &ObjectProgram::function, function),
               Field("section", &ObjectProgram::section, section),
               Field("type", &ObjectProgram::type, type),
               Field("optional", &ObjectProgram::optional, optional));
}

TEST(ReadObject, DescribesMapsWithTheirTypes) {
  absl::StatusOr<ObjectShape> object =
      ReadObject(TestObject("healthy"), "healthy.bpf.o");
  ASSERT_TRUE(object.ok()) << object.status();
  ASSERT_EQ(object->maps.size(), 2);
  const MapShape& calls = object->maps[0];
  EXPECT_EQ(calls.name, "calls");
  EXPECT_EQ(calls.type, MapType::kHash);
  EXPECT_EQ(calls.key_size, 8);
  EXPECT_EQ(calls.value_size, 8);
  EXPECT_EQ(calls.max_entries, 10240);
  ASSERT_TRUE(calls.key.has_value());
  EXPECT_EQ(calls.key->name, "struct call_key");
  ASSERT_EQ(calls.key->members.size(), 2);
  EXPECT_EQ(calls.key->members[1].name, "number");
  EXPECT_EQ(calls.key->members[1].offset, 4);
  EXPECT_EQ(calls.key->members[1].size, 4);
  ASSERT_TRUE(calls.value.has_value());
  EXPECT_EQ(calls.value->size, 8);
  EXPECT_EQ(object->maps[1].name, "exits");
  EXPECT_EQ(object->maps[1].type, MapType::kArray);
}

TEST(ReadObject, DescribesPrograms) {
  absl::StatusOr<ObjectShape> object =
      ReadObject(TestObject("listed"), "listed.bpf.o");
  ASSERT_TRUE(object.ok()) << object.status();
  EXPECT_THAT(
      object->programs,
      ElementsAre(
          Program("on_tracepoint", "mine/tracepoint", "unspec", false),
          Program("on_raw_tracepoint", "kprobe/do_nothing", "kprobe", false),
          Program("on_kprobe", "kprobe/do_nothing", "kprobe", true)));
}

TEST(ReadObject, TypedHooksSayWhatTheyExpect) {
  absl::StatusOr<ObjectShape> object =
      ReadObject(TestObject("healthy"), "healthy.bpf.o");
  ASSERT_TRUE(object.ok()) << object.status();
  for (const ObjectProgram& program : object->programs) {
    if (program.function != "count_typed") {
      EXPECT_FALSE(program.expected.has_value()) << program.function;
      continue;
    }
    ASSERT_TRUE(program.expected.has_value());
    ASSERT_EQ(program.expected->parameters.size(), 2);
    EXPECT_EQ(program.expected->parameters[0].pointee, "struct pt_regs");
    EXPECT_EQ(program.expected->parameters[1].size, 8);
  }
}

TEST(ReadObject, NamesTheFileThatIsNotAnObject) {
  const absl::Status status =
      ReadObject(Bytes(100, std::byte{0xff}), "dir/odd.bpf.o").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("object \"dir/odd.bpf.o\" is not an ELF file"));
}

TEST(ReadObject, TakesAsManyProgramsAsItMay) {
  const std::string many = ManyPrograms(kMaxFunctions, kMaxFunctions);
  absl::StatusOr<ObjectShape> object =
      ReadObject(std::as_bytes(std::span(many)), "many.bpf.o");
  ASSERT_TRUE(object.ok()) << object.status();
  ASSERT_EQ(object->programs.size(), kMaxFunctions);
  EXPECT_THAT(object->programs.back(),
              Program("f1023", "raw_tp/sys_enter", "raw_tracepoint", false));
}

// The most that libbpf can be made to look at: all functions, symbols and
// sections there may be.
TEST(ReadObject, TheLargestObjectIsReadSoon) {
  const std::string large = ManyPrograms(kMaxFunctions, kMaxSections - 4);
  EXPECT_TRUE(ReadObject(std::as_bytes(std::span(large)), "x").ok());
}

// Whatever the bytes, there is an answer, and an error names the file.
void ExpectAnAnswer(const Bytes& bytes) {
  absl::StatusOr<ObjectShape> object = ReadObject(bytes, "odd.bpf.o");
  if (object.ok()) return;
  EXPECT_THAT(std::string(object.status().message()),
              HasSubstr("object \"odd.bpf.o\""));
}

TEST(ReadObject, SurvivesChangedBytes) {
  std::minstd_rand random(1);
  for (const char* name : {"healthy", "mixed"}) {
    const Bytes whole = BytesOf(name);
    for (int round = 0; round < 3000; ++round) {
      Bytes bytes = whole;
      const int changes = 1 + static_cast<int>(random() % 4);
      for (int i = 0; i < changes; ++i) {
        // Small values and all ones hurt most.
        constexpr std::byte kValues[] = {std::byte{0}, std::byte{1},
                                         std::byte{0x7f}, std::byte{0xff}};
        bytes[random() % bytes.size()] = random() % 2 == 0
                                             ? kValues[random() % 4]
                                             : std::byte(random() % 256);
      }
      ExpectAnAnswer(bytes);
    }
  }
}

TEST(ReadObject, SurvivesChangedWords) {
  const Bytes whole = BytesOf("healthy");
  for (uint32_t value : {0u, 1u, 0x7fffffffu, 0xffffffffu}) {
    for (size_t at = 0; at + sizeof(value) <= whole.size(); at += 4) {
      Bytes bytes = whole;
      std::memcpy(bytes.data() + at, &value, sizeof(value));
      ExpectAnAnswer(bytes);
    }
  }
}

}  // namespace
}  // namespace ebpf_exporter
