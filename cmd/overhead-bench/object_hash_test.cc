#include "cmd/overhead-bench/object_hash.h"

#include <span>
#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::string HashOf(std::string_view text) {
  ObjectHash hash;
  hash.Add(std::as_bytes(std::span(text)));
  return hash.Text();
}

// Values of http://www.isthe.com/chongo/tech/comp/fnv.
TEST(ObjectHashTest, HasKnownValues) {
  EXPECT_EQ(HashOf(""), "cbf29ce484222325");
  EXPECT_EQ(HashOf("a"), "af63dc4c8601ec8c");
  EXPECT_EQ(HashOf("foobar"), "85944171f73967e8");
}

TEST(ObjectHashTest, GoesOnFromObjectToObject) {
  ObjectHash hash;
  hash.Add(std::as_bytes(std::span(std::string_view("foo"))));
  hash.Add(std::as_bytes(std::span(std::string_view("bar"))));
  EXPECT_EQ(hash.Text(), HashOf("foobar"));
}

}  // namespace
}  // namespace ebpf_exporter
