#include "bpf/loader/log.h"

#include <string>
#include <utility>
#include <vector>

#include "bpf/loader/libbpf.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;
using ::testing::StartsWith;

class LibbpfLogTest : public ::testing::Test {
 protected:
  ~LibbpfLogTest() override { SetLibbpfLog(LibbpfLogLevel::kWarning, nullptr); }

  void Listen(LibbpfLogLevel level) {
    SetLibbpfLog(level, [this](LibbpfLogLevel at, std::string_view line) {
      lines_.emplace_back(at, std::string(line));
    });
  }

  // Something that libbpf warns of.
  static void Provoke() {
    const char bytes[] = "this is not an ELF file, whatever else it may be";
    EXPECT_EQ(bpf_object__open_mem(bytes, sizeof(bytes), nullptr), nullptr);
  }

  std::vector<std::pair<LibbpfLogLevel, std::string>> lines_;
};

TEST_F(LibbpfLogTest, WithoutASinkThereIsSilence) {
  ::testing::internal::CaptureStderr();
  Provoke();
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

TEST_F(LibbpfLogTest, LinesComeWithLevelAndWithoutPrefix) {
  Listen(LibbpfLogLevel::kWarning);
  Provoke();
  ASSERT_THAT(lines_, Not(IsEmpty()));
  EXPECT_THAT(lines_,
              Each(Pair(LibbpfLogLevel::kWarning, Not(StartsWith("libbpf")))));
  EXPECT_THAT(lines_, Each(Pair(::testing::_, Not(HasSubstr("\n")))));
}

TEST_F(LibbpfLogTest, LevelLetsMoreThrough) {
  Listen(LibbpfLogLevel::kDebug);
  Provoke();
  EXPECT_THAT(lines_, Contains(Pair(LibbpfLogLevel::kDebug, ::testing::_)));
}

TEST_F(LibbpfLogTest, WarningsAreKeptForTheError) {
  Listen(LibbpfLogLevel::kWarning);
  LibbpfWarnings warnings;
  Provoke();
  EXPECT_THAT(lines_, IsEmpty());
  EXPECT_THAT(warnings.Cause(), HasSubstr("ELF"));
}

TEST_F(LibbpfLogTest, InnermostKeepsWarnings) {
  LibbpfWarnings outer;
  {
    LibbpfWarnings inner;
    Provoke();
    EXPECT_THAT(inner.lines(), Not(IsEmpty()));
  }
  EXPECT_EQ(outer.Cause(), "");
  Provoke();
  EXPECT_NE(outer.Cause(), "");
}

TEST(LibbpfWarnings, RefusedBtfIsNotTheCause) {
  LibbpfWarnings warnings;
  warnings.Add("BTF loading error: -22");
  EXPECT_EQ(warnings.Cause(), "");
  warnings.Add("-- BEGIN BTF LOAD LOG ---");
  for (int i = 0; i < 1000; ++i) warnings.Add("a line of it");
  warnings.Add("-- END BTF LOAD LOG --");
  warnings.Add("map 'huge': failed to create: Argument list too long(-7)");
  warnings.Add("failed to load object 'huge.bpf.o'");
  EXPECT_EQ(warnings.Cause(),
            "map 'huge': failed to create: Argument list too long(-7)");
}

TEST(LibbpfWarnings, ManyKeepFirstAndLast) {
  LibbpfWarnings warnings;
  for (int i = 0; i < 1000; ++i) warnings.Add("line " + std::to_string(i));
  EXPECT_LT(warnings.lines().size(), 100);
  EXPECT_EQ(warnings.Cause(), "line 0");
  EXPECT_EQ(warnings.lines().back(), "line 999");
}

}  // namespace
}  // namespace ebpf_exporter
