#include "core/resolve/kallsyms.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

constexpr std::string_view kText =
    "ffffffff81000000 T _stext\n"
    "ffffffff81000000 T _text\n"
    "ffffffff810000b0 t early_setup_idt\n"
    "ffffffff82000000 D some_data\n"
    "ffffffffc0001000 t nf_hook\t[nf_tables]\n";

using Near = SymbolTable::Near;

TEST(SymbolTableTest, FindsExactAddresses) {
  const SymbolTable table = SymbolTable::Parse(std::string(kText));
  EXPECT_EQ(table.size(), 5u);
  EXPECT_FALSE(table.restricted());
  EXPECT_EQ(table.Find(0xffffffff810000b0), "early_setup_idt");
  EXPECT_EQ(table.Find(0xffffffff82000000), "some_data");
  EXPECT_EQ(table.Find(0xffffffff810000b1), std::nullopt);
  EXPECT_EQ(table.Find(0), std::nullopt);
  EXPECT_EQ(table.Find(UINT64_MAX), std::nullopt);
}

TEST(SymbolTableTest, ModuleSymbolsKeepTheirModule) {
  const SymbolTable table = SymbolTable::Parse(std::string(kText));
  EXPECT_EQ(table.Find(0xffffffffc0001000), "nf_hook\t[nf_tables]");
  EXPECT_EQ(table.AddressOf("nf_hook\t[nf_tables]"), 0xffffffffc0001000);
  EXPECT_EQ(table.AddressOf("nf_hook"), std::nullopt);
}

TEST(SymbolTableTest, FunctionsGoBeforeDataAndTheFirstBeforeTheRest) {
  const SymbolTable table = SymbolTable::Parse(
      "20 d data\n"
      "20 W weak\n"
      "20 T function\n"
      "10 A absolute\n"
      "10 B bss\n");
  EXPECT_EQ(table.Find(0x20), "weak");
  EXPECT_EQ(table.Find(0x10), "absolute");
  EXPECT_EQ(table.FindNearest(0x25), (Near{"weak", 5}));
}

TEST(SymbolTableTest, NearestIsTheLastOneBegun) {
  const SymbolTable table = SymbolTable::Parse(std::string(kText));
  EXPECT_EQ(table.FindNearest(0xffffffff80ffffff), std::nullopt);
  EXPECT_EQ(table.FindNearest(0xffffffff81000000), (Near{"_stext", 0}));
  EXPECT_EQ(table.FindNearest(0xffffffff810000af), (Near{"_stext", 0xaf}));
  EXPECT_EQ(table.FindNearest(0xffffffff810000b0),
            (Near{"early_setup_idt", 0}));
  EXPECT_EQ(table.FindNearest(UINT64_MAX),
            (Near{"nf_hook\t[nf_tables]", 0x3fffefff}));
}

TEST(SymbolTableTest, AddressOfTakesTheLastOfEqualNames) {
  const SymbolTable table = SymbolTable::Parse(
      "30 t init\n"
      "10 t init\n"
      "20 t init_other\n");
  EXPECT_EQ(table.AddressOf("init"), 0x10u);
  EXPECT_EQ(table.AddressOf("init_other"), 0x20u);
  EXPECT_EQ(table.AddressOf("ini"), std::nullopt);
  EXPECT_EQ(table.AddressOf(""), std::nullopt);
}

TEST(SymbolTableTest, HiddenAddressesNameNothing) {
  const SymbolTable table = SymbolTable::Parse(
      "0000000000000000 T _stext\n"
      "0000000000000000 T schedule\n");
  EXPECT_TRUE(table.restricted());
  EXPECT_EQ(table.size(), 0u);
  EXPECT_EQ(table.Find(0), std::nullopt);
  EXPECT_EQ(table.FindNearest(UINT64_MAX), std::nullopt);
  EXPECT_EQ(table.AddressOf("schedule"), std::nullopt);
  std::string out;
  EXPECT_FALSE(table.AppendSymbol(0, out));
}

TEST(SymbolTableTest, SomeZerosAreNotARestriction) {
  const SymbolTable table = SymbolTable::Parse(
      "0000000000000000 A fixed_percpu_data\n"
      "ffffffff81000000 T _stext\n");
  EXPECT_FALSE(table.restricted());
  EXPECT_EQ(table.size(), 1u);
  EXPECT_EQ(table.Find(0), std::nullopt);
}

TEST(SymbolTableTest, EmptyTextIsNotARestriction) {
  EXPECT_FALSE(SymbolTable().restricted());
  EXPECT_FALSE(SymbolTable::Parse("").restricted());
  EXPECT_FALSE(SymbolTable::Parse("not a symbol\n").restricted());
}

TEST(SymbolTableTest, PassesOverLinesThatAreNotSymbols) {
  const SymbolTable table = SymbolTable::Parse(
      "\n"
      "xyz T hex\n"
      "10\n"
      "10 \n"
      "10 T\n"
      "10 T \n"
      "10 T  two_spaces\n"
      "10 TT long_type\n"
      "10\tT tabs\n"
      "-10 T negative\n"
      "0x10 T prefix\n"
      " 10 T indented\n"
      "10000000000000000 T beyond_64_bits\n"
      "11 T fourth field\n"
      "FFFF T upper_case\n"
      "12 T no_newline");
  EXPECT_EQ(table.size(), 3u);
  EXPECT_EQ(table.Find(0x10), std::nullopt);
  EXPECT_EQ(table.Find(0x11), "fourth");
  EXPECT_EQ(table.Find(0xffff), "upper_case");
  EXPECT_EQ(table.Find(0x12), "no_newline");
}

TEST(SymbolTableTest, AppendsToWhatIsThere) {
  const SymbolTable table = SymbolTable::Parse(std::string(kText));
  std::string out = "at ";
  EXPECT_TRUE(table.AppendSymbol(0xffffffff82000000, out));
  EXPECT_EQ(out, "at some_data");
  EXPECT_FALSE(table.AppendSymbol(1, out));
  EXPECT_EQ(out, "at some_data");
}

TEST(SymbolTableTest, SurvivesBeingMoved) {
  SymbolTable table = SymbolTable::Parse("10 t x\n");
  const SymbolTable moved = std::move(table);
  EXPECT_EQ(moved.Find(0x10), "x") << "short texts live inside the string";
}

// What the table promises, told without sorting or sharing memory.
struct Model {
  struct Symbol {
    uint64_t address;
    bool function;
    std::string name;
  };
  std::vector<Symbol> symbols;  // in order of the text

  std::optional<std::string> Find(uint64_t address) const {
    for (const bool function : {true, false}) {
      for (const Symbol& symbol : symbols) {
        if (symbol.address == address && symbol.function == function) {
          return symbol.name;
        }
      }
    }
    return std::nullopt;
  }

  std::optional<uint64_t> Begin(uint64_t address) const {
    std::optional<uint64_t> begin;
    for (const Symbol& symbol : symbols) {
      if (symbol.address <= address) {
        begin = std::max(begin.value_or(0), symbol.address);
      }
    }
    return begin;
  }

  std::optional<uint64_t> AddressOf(const std::string& name) const {
    std::optional<uint64_t> address;
    for (const Symbol& symbol : symbols) {
      if (symbol.name == name) address = symbol.address;
    }
    return address;
  }
};

// Few addresses and few names, so that both repeat; sometimes a broken line.
std::string RandomText(std::mt19937_64& random, Model& model) {
  static constexpr std::string_view kTypes = "tTwWdDbBA";
  std::string text;
  for (uint64_t i = random() % 40; i > 0; --i) {
    const uint64_t address = random() % 24;
    const char type = kTypes[random() % kTypes.size()];
    std::string name = "s" + std::to_string(random() % 12);
    if (random() % 4 == 0) name += "\t[m]";
    char line[64];
    std::snprintf(line, sizeof(line), "%0*lx %c %s",
                  static_cast<int>(random() % 17),
                  static_cast<unsigned long>(address), type, name.c_str());
    text += line;
    if (random() % 8 == 0) {
      text += " \nzz T broken\n";
    } else {
      text += '\n';
    }
    if (address == 0) continue;
    const bool function = std::string_view("tTwW").find(type) < 4;
    model.symbols.push_back({address, function, name});
  }
  return text;
}

TEST(SymbolTableTest, AgreesWithTheModelOnRandomTexts) {
  std::mt19937_64 random(4);
  for (int round = 0; round < 500; ++round) {
    Model model;
    const std::string text = RandomText(random, model);
    const SymbolTable table = SymbolTable::Parse(text);
    ASSERT_EQ(table.size(), model.symbols.size()) << text;
    for (uint64_t address = 0; address < 26; ++address) {
      ASSERT_EQ(table.Find(address), model.Find(address)) << address << text;
      const std::optional<Near> near = table.FindNearest(address);
      const std::optional<uint64_t> begin = model.Begin(address);
      ASSERT_EQ(near.has_value(), begin.has_value()) << address << text;
      if (!near.has_value()) continue;
      EXPECT_EQ(near->offset, address - *begin) << address << text;
      EXPECT_EQ(near->name, model.Find(*begin)) << address << text;
    }
    for (int i = 0; i < 12; ++i) {
      for (const std::string module : {"", "\t[m]"}) {
        const std::string name = "s" + std::to_string(i) + module;
        ASSERT_EQ(table.AddressOf(name), model.AddressOf(name)) << name << text;
      }
    }
  }
}

TEST(SymbolTableTest, AnyBytesGiveATable) {
  static constexpr std::string_view kBytes("019afF tT\n\t\0x", 13);
  std::mt19937_64 random(5);
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (uint64_t i = random() % 60; i > 0; --i) {
      text += kBytes[random() % kBytes.size()];
    }
    const SymbolTable table = SymbolTable::Parse(text);
    const std::optional<Near> last = table.FindNearest(UINT64_MAX);
    ASSERT_EQ(last.has_value(), table.size() > 0);
    if (!last.has_value()) continue;
    EXPECT_NE(text.find(last->name), std::string::npos) << text;
    EXPECT_FALSE(last->name.empty());
  }
}

}  // namespace
}  // namespace ebpf_exporter
