#include "cmd/exporter/page.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

struct StringSink {
  std::string text;
  bool takes = true;

  bool Write(std::string_view chunk) {
    text.append(chunk);
    return takes;
  }
};

class PageTest : public testing::Test {
 protected:
  PageTest() {
    auto order = std::make_shared<SeriesOrder>();
    order->series.push_back({order->text.Add(""), 0, 0});
    page_.columns.resize(1);
    page_.columns[0].cells = {5};
    page_.columns[0].order = std::move(order);
    page_.families = {{.header = &header_, .columns = {&page_.columns[0]}}};
  }

  const FamilyHeader header_ = {"ebpf_exporter_m", "h", FamilyType::kCounter};
  Page page_;
};

TEST_F(PageTest, FamiliesOfBothKindsStandInOneOrder) {
  for (const char* name : {"a", "ebpf_exporter_l", "ebpf_exporter_n", "z"}) {
    page_.own.push_back({{name, "h", FamilyType::kGauge}, {{"", uint64_t{1}}}});
  }
  StringSink sink;
  EXPECT_TRUE(WriteText(page_, &sink));
  std::string names;
  for (size_t at = 0;
       (at = sink.text.find("# TYPE ", at)) < sink.text.size();) {
    at += 7;
    names += sink.text.substr(at, sink.text.find(' ', at) - at) + " ";
  }
  EXPECT_EQ(names, "a ebpf_exporter_l ebpf_exporter_m ebpf_exporter_n z ");
}

TEST_F(PageTest, ASinkThatGivesUpIsReported) {
  StringSink sink;
  sink.takes = false;
  EXPECT_FALSE(WriteText(page_, &sink));
}

}  // namespace
}  // namespace ebpf_exporter
