#include "core/exposition/gzip_code.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "core/exposition/gzip_crc.h"
#include "core/exposition/gzip_inflate.h"
#include "core/exposition/gzip_zlib.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

// A stream of one block of what `put` puts, which stands for `text`.
std::string Stream(std::string_view text,
                   const std::function<void(BitCursor&)>& put) {
  const GzipCode& code = GzipCode::Get();
  std::string bytes(text.size() * 2 + 4096, '\0');
  BitCursor out(bytes.data());
  for (const unsigned byte : {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3}) {
    out.Put({byte, 8});
  }
  code.PutBlockHeader(out);
  put(out);
  out.Put(code.EndOfBlock());
  out.Align();
  out.Put({GzipCrc::Get().Append(GzipCrc::kMask, text) ^ GzipCrc::kMask, 32});
  out.Put({text.size(), 32});
  bytes.resize(static_cast<size_t>(out.end() - bytes.data()));
  return bytes;
}

void ExpectReadable(const std::string& stream, std::string_view text) {
  EXPECT_EQ(ZlibGunzip(stream), text);
  EXPECT_EQ(Gunzip(stream), text);
}

std::string AllBytes() {
  std::string text;
  for (int byte = 0; byte < 256; ++byte) {
    text.push_back(static_cast<char>(byte));
  }
  return text;
}

TEST(GzipCodeTest, AnEmptyBlockIsShort) {
  const std::string stream = Stream("", [](BitCursor&) {});
  ExpectReadable(stream, "");
  EXPECT_LT(stream.size(), 130u);
}

TEST(GzipCodeTest, EveryByteHasALiteral) {
  const std::string text = AllBytes();
  ExpectReadable(Stream(text,
                        [&](BitCursor& out) {
                          for (const char c : text) {
                            out.Put(GzipCode::Get().Literal(c));
                          }
                        }),
                 text);
}

TEST(GzipCodeTest, DigitsTakeFourBits) {
  for (char digit = '0'; digit <= '9'; ++digit) {
    EXPECT_EQ(GzipCode::Get().Literal(digit).size, GzipCode::kDigitBits);
  }
}

TEST(GzipCodeTest, EveryLengthAndDistanceIsRead) {
  const GzipCode& code = GzipCode::Get();
  std::string text = AllBytes();
  const std::string stream_text = [&] {
    std::string all = text;
    for (size_t i = 1; i <= GzipCode::kWindow; ++i) {
      const size_t length = 3 + i % 256;
      for (size_t k = 0; k < length; ++k) {
        all.push_back(all[all.size() - std::min(i, all.size())]);
      }
    }
    return all;
  }();
  ExpectReadable(Stream(stream_text,
                        [&](BitCursor& out) {
                          for (const char c : text) out.Put(code.Literal(c));
                          for (size_t i = 1; i <= GzipCode::kWindow; ++i) {
                            out.Put(code.Length(3 + i % 256));
                            out.Put(code.Distance(i));
                          }
                        }),
                 stream_text);
}

}  // namespace
}  // namespace ebpf_exporter
