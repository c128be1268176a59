#include "benchmark/scrape/subject.h"

#include <span>
#include <utility>

#include "absl/status/status.h"
#include "bpf/loader/loaded_config.h"
#include "cmd/exporter/live_config.h"
#include "core/config/config.h"
#include "core/plan/plan.h"
#include "core/table/column.h"

namespace ebpf_exporter {

absl::StatusOr<std::unique_ptr<Subject>> Subject::Start(const LiveMap& map) {
  std::unique_ptr<Subject> subject(new Subject);
  Exporter& exporter = subject->exporter_;
  PlanResult plan =
      PlanMetrics(map.scenario().Program(), std::span(&map.shape(), size_t{1}),
                  exporter.resolvers(), "benchmark");
  if (!plan.findings.empty()) {
    return absl::InternalError(plan.findings[0].message);
  }
  LoadedConfig loaded;
  loaded.name = "benchmark";
  loaded.maps = {{.shape = map.shape(),
                  .fd = map.fd(),
                  .grows_only = map.scenario().grows_only}};
  absl::StatusOr<std::unique_ptr<LiveConfig>> live = LiveConfig::Make(
      std::move(loaded), std::move(plan.metrics), exporter.budget());
  if (!live.ok()) return live.status();
  LiveConfigs configs;
  configs.push_back(*std::move(live));
  exporter.Serve(std::move(configs));

  HttpServerOptions options;
  options.listen_address = "127.0.0.1:0";
  options.threads = 4;
  absl::StatusOr<std::unique_ptr<HttpServer>> server = HttpServer::Start(
      options, [routes = &subject->routes_](const Request& request) {
        return routes->Handle(request);
      });
  if (!server.ok()) return server.status();
  subject->server_ = *std::move(server);
  return subject;
}

size_t Subject::LabelBytes() {
  size_t bytes = 0;
  const std::shared_ptr<const Page> page = Scrape();
  for (const Column& column : page->columns) {
    if (column.order == nullptr) continue;
    for (const SeriesRef& series : column.order->series) bytes += series.size;
  }
  return bytes;
}

}  // namespace ebpf_exporter
