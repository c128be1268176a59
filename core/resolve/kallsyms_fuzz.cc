// SymbolTable answers about any text as a plain list of its lines does.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/resolve/kallsyms.h"
#include "tools/build/fuzz_input.h"

namespace ebpf_exporter {
namespace {

struct Symbol {
  uint64_t address;
  bool function;
  std::string name;
};

// The value of a hexadecimal digit, else -1.
int DigitOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::optional<Symbol> SymbolOf(std::string_view line) {
  Symbol symbol{};
  size_t digits = 0;
  for (; digits < line.size() && DigitOf(line[digits]) >= 0; ++digits) {
    if (symbol.address > UINT64_MAX / 16) return std::nullopt;
    symbol.address =
        symbol.address * 16 + static_cast<uint64_t>(DigitOf(line[digits]));
  }
  if (digits == 0) return std::nullopt;
  line.remove_prefix(digits);
  if (line.size() < 3 || line[0] != ' ' || line[2] != ' ') return std::nullopt;
  symbol.function = std::string_view("tTwW").find(line[1]) != line.npos;
  for (const char c : line.substr(3)) {
    if (c == ' ') break;
    symbol.name += c;
  }
  if (symbol.name.empty()) return std::nullopt;
  return symbol;
}

class Model {
 public:
  explicit Model(std::string_view text);

  const std::vector<Symbol>& symbols() const { return symbols_; }
  bool restricted() const { return symbols_.empty() && hidden_; }
  const Symbol* Find(uint64_t address) const;
  const Symbol* FindNearest(uint64_t address) const;
  // Of the last symbol of that name.
  uint64_t AddressOf(std::string_view name) const;

 private:
  std::vector<Symbol> symbols_;
  bool hidden_ = false;
};

Model::Model(std::string_view text) {
  while (!text.empty()) {
    const size_t end = text.find('\n');
    std::optional<Symbol> symbol = SymbolOf(text.substr(0, end));
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    if (!symbol.has_value()) continue;
    if (symbol->address == 0) {
      hidden_ = true;
    } else {
      symbols_.push_back(*symbol);
    }
  }
}

const Symbol* Model::Find(uint64_t address) const {
  const Symbol* best = nullptr;
  for (const Symbol& symbol : symbols_) {
    if (symbol.address != address) continue;
    if (best == nullptr || (symbol.function && !best->function)) best = &symbol;
  }
  return best;
}

const Symbol* Model::FindNearest(uint64_t address) const {
  const Symbol* nearest = nullptr;
  for (const Symbol& symbol : symbols_) {
    if (symbol.address > address) continue;
    if (nearest == nullptr || symbol.address > nearest->address) {
      nearest = &symbol;
    }
  }
  return nearest == nullptr ? nullptr : Find(nearest->address);
}

uint64_t Model::AddressOf(std::string_view name) const {
  uint64_t address = 0;
  for (const Symbol& symbol : symbols_) {
    if (symbol.name == name) address = symbol.address;
  }
  return address;
}

void CheckAddress(const SymbolTable& table, const Model& model,
                  uint64_t address) {
  const Symbol* symbol = model.Find(address);
  FuzzCheckEqual(table.Find(address).value_or("(none)"),
                 symbol == nullptr ? "(none)" : symbol->name, "Find");
  std::string appended = "before";
  FuzzCheck(table.AppendSymbol(address, appended) == (symbol != nullptr),
            "AppendSymbol");
  FuzzCheckEqual(appended, "before" + (symbol == nullptr ? "" : symbol->name),
                 "AppendSymbol");
  const Symbol* nearest = model.FindNearest(address);
  const std::optional<SymbolTable::Near> near = table.FindNearest(address);
  FuzzCheck(near.has_value() == (nearest != nullptr), "FindNearest");
  if (nearest == nullptr) return;
  FuzzCheckEqual(near->name, nearest->name, "FindNearest");
  FuzzCheck(near->offset == address - nearest->address, "offset");
}

void Check(std::string_view text) {
  const SymbolTable table = SymbolTable::Parse(std::string(text));
  const Model model(text);
  FuzzCheck(table.size() == model.symbols().size(), "size");
  FuzzCheck(table.restricted() == model.restricted(), "restricted");
  for (const uint64_t address : {uint64_t{0}, UINT64_MAX}) {
    CheckAddress(table, model, address);
  }
  for (const Symbol& symbol : model.symbols()) {
    for (int step = -1; step <= 1; ++step) {
      CheckAddress(table, model, symbol.address + static_cast<uint64_t>(step));
    }
    FuzzCheck(table.AddressOf(symbol.name) == model.AddressOf(symbol.name),
              "AddressOf");
    const std::string other = symbol.name + "~";
    FuzzCheck(table.AddressOf(other).value_or(0) == model.AddressOf(other),
              "AddressOf another");
  }
}

}  // namespace
}  // namespace ebpf_exporter

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ebpf_exporter::Check({reinterpret_cast<const char*>(data), size});
  return 0;
}
