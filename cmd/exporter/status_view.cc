#include "cmd/exporter/status_view.h"

#include <algorithm>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "cmd/exporter/page.h"

namespace ebpf_exporter {
namespace {

StatusView::Config ViewOf(const LiveConfig& config, const Column* columns) {
  StatusView::Config view;
  view.name = config.name();
  for (const LoadedProgram& program : config.loaded().programs) {
    view.attached += program.attached ? 1 : 0;
  }
  for (size_t i = 0; i < config.metrics().size(); ++i) {
    if (columns[i].order != nullptr) {
      view.series += columns[i].order->series.size();
    }
  }
  return view;
}

StatusView::Config& ConfigOf(const std::string& name, StatusView& view) {
  const auto found = std::find_if(
      view.configs.begin(), view.configs.end(),
      [&](const StatusView::Config& known) { return known.name == name; });
  if (found != view.configs.end()) return *found;
  view.configs.emplace_back().name = name;
  return view.configs.back();
}

}  // namespace

StatusView MakeStatusView(Exporter& exporter) {
  StatusView view;
  view.series_limit = exporter.series_limit();
  const std::shared_ptr<const Page> page = exporter.scraper().Scrape();
  const Column* columns = page->columns.data();
  for (const auto& config : exporter.scraper().configs()) {
    view.configs.push_back(ViewOf(*config, columns));
    columns += config->metrics().size();
  }
  for (const LoadFailure& failure : exporter.failures()) {
    StatusView::Config& config = ConfigOf(failure.config, view);
    if (failure.function.empty()) {
      config.error = absl::StrCat(failure.reason, ": ", failure.detail);
    } else {
      config.failed.push_back({failure.function, failure.reason});
    }
  }
  return view;
}

}  // namespace ebpf_exporter
