// Benchmarks of what happens between the kernel's bytes and the page's text.
// --smoke runs each once, with small tables only: whether all still works.

#include <string_view>
#include <vector>

#include "benchmark/benchmark.h"

int main(int argc, char** argv) {
  std::vector<char*> arguments(argv, argv + argc);
  char no_large_ones[] = "--benchmark_filter=-[:/]10{5,6}";
  char once[] = "--benchmark_min_time=0";
  for (char*& argument : arguments) {
    if (std::string_view(argument) != "--smoke") continue;
    argument = no_large_ones;
    arguments.push_back(once);
    break;
  }
  int count = static_cast<int>(arguments.size());
  arguments.push_back(nullptr);
  benchmark::Initialize(&count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 1;
  return benchmark::RunSpecifiedBenchmarks() == 0 ? 1 : 0;
}
