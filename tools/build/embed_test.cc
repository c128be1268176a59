#include <cstddef>
#include <cstdint>
#include <span>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/build/embed_test_data.h"
#include "tools/build/embedded_file.h"

namespace ebpf_exporter {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;

TEST(EmbedTest, ListsFilesByBaseNameInTheOrderOfSrcs) {
  EXPECT_THAT(EmbedTestData(),
              ElementsAre(Field(&EmbeddedFile::name, "every_byte"),
                          Field(&EmbeddedFile::name, "nothing"),
                          Field(&EmbeddedFile::name, "some_text")));
}

TEST(EmbedTest, KeepsTextAsItIsAndEndsItWithNul) {
  const EmbeddedFile& file = EmbedTestData()[2];
  EXPECT_EQ(file.text(), "first\nlast");
  EXPECT_EQ(file.text().data()[file.text().size()], '\0');
}

TEST(EmbedTest, KeepsEveryValueOfAByte) {
  const std::span<const std::byte> bytes = EmbedTestData()[0].bytes;
  ASSERT_EQ(bytes.size(), 256u);
  for (size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_EQ(static_cast<size_t>(bytes[i]), i);
  }
}

TEST(EmbedTest, KeepsAnEmptyFile) {
  EXPECT_TRUE(EmbedTestData()[1].bytes.empty());
}

TEST(EmbedTest, AlignsForTheReadersOfObjectFiles) {
  for (const EmbeddedFile& file : EmbedTestData()) {
    EXPECT_EQ(reinterpret_cast<uintptr_t>(file.bytes.data()) % 16, 0u);
  }
}

}  // namespace
}  // namespace ebpf_exporter
