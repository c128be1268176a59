#include "core/dump/detect_options.h"

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::vector<MapShape> Shapes(std::vector<std::string> names) {
  std::vector<MapShape> shapes;
  for (std::string& name : names) {
    shapes.emplace_back();
    shapes.back().name = std::move(name);
  }
  return shapes;
}

std::string Found(const std::vector<MapShape>& shapes, std::string_view name) {
  const MapShape* shape = FindShape(shapes, name);
  return shape == nullptr ? "none" : shape->name;
}

TEST(FindShapeTest, FindsByName) {
  const auto shapes = Shapes({"a", "b"});
  EXPECT_EQ(Found(shapes, "b"), "b");
  EXPECT_EQ(Found(shapes, "c"), "none");
  EXPECT_EQ(Found(shapes, ""), "none");
  EXPECT_EQ(Found({}, ""), "none");
  EXPECT_EQ(Found(Shapes({"a"}), ""), "a");
}

TEST(FindShapeTest, NamesThatTheKernelCutMatchTheirWhole) {
  const auto shapes = Shapes({"page_cache_ops_total", "page_cache_op"});
  EXPECT_EQ(Found(shapes, "page_cache_ops_"), "page_cache_ops_total");
  EXPECT_EQ(Found(shapes, "page_cache_ops"), "none");
  EXPECT_EQ(Found(shapes, "page_cache_op"), "page_cache_op");
  EXPECT_EQ(Found(Shapes({"page_cache_ops_"}), "page_cache_ops_total"),
            "page_cache_ops_");
}

TEST(FindShapeTest, TheWholeNameGoesFirst) {
  EXPECT_EQ(Found(Shapes({"page_cache_ops_total", "page_cache_ops_"}),
                  "page_cache_ops_"),
            "page_cache_ops_");
}

}  // namespace
}  // namespace ebpf_exporter
