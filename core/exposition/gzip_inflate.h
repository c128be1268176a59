// A reader of gzip for tests, written from RFC 1951 and RFC 1952 and sharing
// nothing with the writer or with zlib. Slow, and strict: codes must be
// complete, distances within what there is, and both sums right.

#ifndef EBPF_EXPORTER_CORE_EXPOSITION_GZIP_INFLATE_H_
#define EBPF_EXPORTER_CORE_EXPOSITION_GZIP_INFLATE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ebpf_exporter {

// The text of a stream that holds nothing else; null if anything is wrong.
std::optional<std::string> Gunzip(std::string_view stream);

namespace internal {

// After a fault nothing more is read: bits are zeros, and Run() yields null.
class Inflater {
 public:
  explicit Inflater(std::string_view in) : in_(in) {}

  std::optional<std::string> Run();

 private:
  // By length and code.
  using Code = std::map<std::pair<unsigned, unsigned>, unsigned>;

  unsigned Bits(unsigned count);
  unsigned Symbol(const Code& code);
  Code MakeCode(const std::vector<unsigned>& lengths);
  void Block();
  void ReadCodes(Code& literals, Code& distances);
  void Stored();
  void FixedCodes(Code& literals, Code& distances);
  void Symbols(const Code& literals, const Code& distances);
  void Copy(unsigned length, unsigned distance);
  uint32_t Crc() const;
  void Require(bool good) { good_ = good_ && good; }

  std::string_view in_;
  size_t at_ = 0;  // in bits
  std::string out_;
  bool good_ = true;
};

inline unsigned Inflater::Bits(unsigned count) {
  unsigned bits = 0;
  for (unsigned i = 0; i < count; ++i, ++at_) {
    Require(at_ / 8 < in_.size());
    if (!good_) return 0;
    bits |= (static_cast<unsigned char>(in_[at_ / 8]) >> (at_ % 8) & 1u) << i;
  }
  return bits;
}

inline unsigned Inflater::Symbol(const Code& code) {
  unsigned bits = 0;
  for (unsigned length = 1; length <= 15; ++length) {
    bits = bits << 1 | Bits(1);
    const auto found = code.find({length, bits});
    if (found != code.end()) return found->second;
  }
  Require(false);
  return 256;
}

inline Inflater::Code Inflater::MakeCode(const std::vector<unsigned>& lengths) {
  Code code;
  unsigned next = 0;
  for (unsigned length = 1; length <= 15; ++length) {
    next <<= 1;
    for (unsigned symbol = 0; symbol < lengths.size(); ++symbol) {
      if (lengths[symbol] == length) code[{length, next++}] = symbol;
    }
  }
  Require(next == 1u << 15);  // complete
  return code;
}

inline void Inflater::ReadCodes(Code& literals, Code& distances) {
  constexpr unsigned kOrder[] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                 11, 4,  12, 3, 13, 2, 14, 1, 15};
  const unsigned literal_count = 257 + Bits(5);
  const unsigned distance_count = 1 + Bits(5);
  const unsigned length_count = 4 + Bits(4);
  std::vector<unsigned> sizes(19);
  for (unsigned i = 0; i < length_count; ++i) sizes[kOrder[i]] = Bits(3);
  const Code code = MakeCode(sizes);
  std::vector<unsigned> lengths;
  while (good_ && lengths.size() < literal_count + distance_count) {
    const unsigned symbol = Symbol(code);
    if (symbol < 16) {
      lengths.push_back(symbol);
      continue;
    }
    Require(symbol != 16 || !lengths.empty());
    if (!good_) return;
    const unsigned value = symbol == 16 ? lengths.back() : 0;
    const unsigned count = symbol == 16   ? 3 + Bits(2)
                           : symbol == 17 ? 3 + Bits(3)
                                          : 11 + Bits(7);
    lengths.insert(lengths.end(), count, value);
  }
  Require(lengths.size() == literal_count + distance_count);
  if (!good_) return;
  literals = MakeCode({lengths.begin(), lengths.begin() + literal_count});
  distances = MakeCode({lengths.begin() + literal_count, lengths.end()});
}

inline void Inflater::FixedCodes(Code& literals, Code& distances) {
  std::vector<unsigned> lengths(288, 8);
  for (size_t i = 144; i < 256; ++i) lengths[i] = 9;
  for (size_t i = 256; i < 280; ++i) lengths[i] = 7;
  literals = MakeCode(lengths);
  distances = MakeCode(std::vector<unsigned>(32, 5));
}

inline void Inflater::Stored() {
  at_ = (at_ + 7) / 8 * 8;
  const unsigned size = Bits(16);
  Require((size ^ Bits(16)) == 0xffff);
  for (unsigned i = 0; good_ && i < size; ++i) {
    out_.push_back(static_cast<char>(Bits(8)));
  }
}

inline void Inflater::Copy(unsigned length, unsigned distance) {
  Require(distance <= out_.size() && distance <= 32768);
  for (unsigned i = 0; good_ && i < length; ++i) {
    out_.push_back(out_[out_.size() - distance]);
  }
}

inline void Inflater::Symbols(const Code& literals, const Code& distances) {
  constexpr unsigned kLengths[] = {3,  4,  5,  6,   7,   8,   9,   10,  11, 13,
                                   15, 17, 19, 23,  27,  31,  35,  43,  51, 59,
                                   67, 83, 99, 115, 131, 163, 195, 227, 258};
  constexpr unsigned kDistances[] = {
      1,    2,    3,    4,    5,    7,    9,    13,    17,    25,
      33,   49,   65,   97,   129,  193,  257,  385,   513,   769,
      1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
  while (good_) {
    const unsigned symbol = Symbol(literals);
    if (symbol == 256) return;
    if (symbol < 256) {
      out_.push_back(static_cast<char>(symbol));
      continue;
    }
    Require(symbol < 286);
    if (!good_) return;
    const unsigned i = symbol - 257;
    const unsigned length_bits = i < 8 || i == 28 ? 0 : i / 4 - 1;
    const unsigned length = kLengths[i] + Bits(length_bits);
    const unsigned j = Symbol(distances);
    Require(j < 30);
    if (good_) Copy(length, kDistances[j] + Bits(j < 4 ? 0 : j / 2 - 1));
  }
}

inline void Inflater::Block() {
  const unsigned type = Bits(2);
  if (type == 0) return Stored();
  Require(type < 3);
  Code literals;
  Code distances;
  if (type == 1) {
    FixedCodes(literals, distances);
  } else {
    ReadCodes(literals, distances);
  }
  if (good_) Symbols(literals, distances);
}

inline uint32_t Inflater::Crc() const {
  uint32_t crc = ~0u;
  for (const char c : out_) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) {
      crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xedb88320 : 0);
    }
  }
  return ~crc;
}

inline std::optional<std::string> Inflater::Run() {
  Require(Bits(24) == 0x088b1f);  // gzip, deflate
  Require(Bits(8) == 0);          // no name or the like
  Bits(32);
  Bits(16);
  bool last = false;
  while (good_ && !last) {
    last = Bits(1) == 1;
    Block();
  }
  at_ = (at_ + 7) / 8 * 8;
  Require(Bits(32) == Crc());
  Require(Bits(32) == static_cast<uint32_t>(out_.size()));
  Require(at_ == in_.size() * 8);
  if (!good_) return std::nullopt;
  return out_;
}

}  // namespace internal

inline std::optional<std::string> Gunzip(std::string_view stream) {
  return internal::Inflater(stream).Run();
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_EXPOSITION_GZIP_INFLATE_H_
