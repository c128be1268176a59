#include "core/resolve/symbols.h"

#include <cstdint>
#include <string>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

struct Plain {
  bool AppendSymbol(uint64_t, std::string&) const { return false; }
};

struct Mutable {
  bool AppendSymbol(uint64_t, std::string&) { return false; }
};

struct Silent {
  void AppendSymbol(uint64_t, std::string&) const {}
};

static_assert(SymbolSource<Plain>, "no base class is needed");
static_assert(!SymbolSource<Mutable>, "sources answer while const");
static_assert(!SymbolSource<Silent>, "a miss must be told");

class OneSymbol : public SymbolResolver {
 public:
  bool AppendSymbol(uint64_t address, std::string& out) const override {
    if (address != 0x10) return false;
    out += "ten";
    return true;
  }
  uint64_t epoch() const override { return 3; }
};

TEST(SymbolResolverTest, AnswersThroughTheBase) {
  const OneSymbol symbol;
  const SymbolResolver& resolver = symbol;
  std::string out = ">";
  EXPECT_FALSE(resolver.AppendSymbol(0x11, out));
  EXPECT_EQ(out, ">");
  EXPECT_TRUE(resolver.AppendSymbol(0x10, out));
  EXPECT_EQ(out, ">ten");
  EXPECT_EQ(resolver.epoch(), 3u);
}

}  // namespace
}  // namespace ebpf_exporter
