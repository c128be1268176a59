#include "core/dump/detect_form.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

struct Row {
  std::string_view first;
  DumpForm form;
};

constexpr Row kRows[] = {
    {"\x89"
     "EBCAP\r\n rest",
     DumpForm::kCapture},
    {"\x28\xb5\x2f\xfd rest", DumpForm::kZstd},
    {"[]", DumpForm::kBpftoolJson},
    {"[", DumpForm::kBpftoolJson},
    {"[{\"key\":", DumpForm::kBpftoolJson},
    {"\n [ {\n \"id\"", DumpForm::kBpftoolJson},
    {"\xEF\xBB\xBF[{\"key\":", DumpForm::kBpftoolJson},
    {"[{", DumpForm::kBpftoolJson},
    {"{\"error\":", DumpForm::kBpftoolJson},
    {"[key: 01 00", DumpForm::kBpftoolJson},
    {"key: 01", DumpForm::kBpftoolText},
    {"value: 01", DumpForm::kBpftoolText},
    {"value (CPU 00): 01", DumpForm::kBpftoolText},
    {"Found 0 elements", DumpForm::kBpftoolText},
    {"Warning: x", DumpForm::kBpftoolText},
    {"Error: x", DumpForm::kBpftoolText},
    {"12: hash  name x", DumpForm::kBpftoolText},
};

TEST(DetectFormTest, TellsFormsByTheirFirstBytes) {
  for (const Row& row : kRows) {
    EXPECT_EQ(DetectForm(row.first, false), row.form) << row.first;
    EXPECT_EQ(DetectForm(row.first, true), row.form) << row.first;
  }
}

TEST(DetectFormTest, OtherBytesAreRawEntriesIfTheirSizesAreGiven) {
  const Row rows[] = {
      {"\x1f\x8b\x08", DumpForm::kGzip},
      {"\x7f"
       "ELF\x02",
       DumpForm::kElf},
      {"{x", DumpForm::kUnknown},
      {"[5]", DumpForm::kUnknown},
      {"[{5", DumpForm::kUnknown},
      {"12 34", DumpForm::kUnknown},
      {std::string_view("\0\0\0\0", 4), DumpForm::kUnknown},
      {" \n", DumpForm::kEmpty},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(DetectForm(row.first, false), row.form) << row.first;
    EXPECT_EQ(DetectForm(row.first, true), DumpForm::kRaw) << row.first;
  }
}

TEST(DetectFormTest, NothingIsEmpty) {
  EXPECT_EQ(DetectForm("", false), DumpForm::kEmpty);
  EXPECT_EQ(DetectForm("", true), DumpForm::kEmpty);
}

}  // namespace
}  // namespace ebpf_exporter
