#include "cmd/exporter/scraper.h"

#include <algorithm>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace ebpf_exporter {

// Pages nobody reads any more, kept for their memory.
class Scraper::PagePool {
 public:
  std::unique_ptr<Page> Take() {
    std::lock_guard lock(mutex_);
    if (free_.empty()) return nullptr;
    std::unique_ptr<Page> page = std::move(free_.back());
    free_.pop_back();
    return page;
  }

  void GiveBack(std::unique_ptr<Page> page) {
    // Only its own memory is worth keeping, not what it shared.
    for (Column& column : page->columns) column.order = nullptr;
    page->tokens.clear();
    std::lock_guard lock(mutex_);
    // Two serve steady scrapes: the page being read and the one being filled.
    // More were needed by slow readers, and their memory goes back.
    if (free_.size() < 2) free_.push_back(std::move(page));
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Page>> free_;
};

Scraper::Scraper(LiveConfigs configs, HostNames* names, OwnFamilies own)
    : configs_(std::make_shared<const LiveConfigs>(std::move(configs))),
      names_(names),
      own_(std::move(own)),
      pool_(std::make_shared<PagePool>()) {}

std::shared_ptr<const Page> Scraper::Scrape(bool gzip) {
  std::unique_lock lock(mutex_);
  const uint64_t walk = started_ + 1;  // the first to begin from now on
  wants_gzip_ |= gzip;
  Round& round = rounds_[walk % 2];
  ++round.waiting;
  walk_done_.wait(lock, [this, walk] {
    return finished_ >= walk || finished_ == started_;
  });
  if (finished_ < walk) {
    started_ = walk;
    const bool wants_gzip = std::exchange(wants_gzip_, false);
    lock.unlock();
    std::shared_ptr<const Page> page = Walk(wants_gzip);
    lock.lock();
    finished_ = walk;
    round.page = std::move(page);
    walk_done_.notify_all();
  }
  if (--round.waiting == 0) return std::move(round.page);
  return round.page;
}

std::shared_ptr<const Page> Scraper::Walk(bool gzip) {
  std::unique_ptr<Page> page = pool_->Take();
  if (page == nullptr) page = MakePage();
  const uint8_t changed = names_->Refresh();
  std::span<Column> columns(page->columns);
  for (const std::unique_ptr<LiveConfig>& config : *configs_) {
    config->Walk(changed, columns.first(config->metrics().size()));
    columns = columns.subspan(config->metrics().size());
  }
  own_(*configs_, page->own);
  page->tokens.assign(page->families.size(), nullptr);
  for (MetricFamily& family : page->families) family.tokens = nullptr;
  constexpr int kKeepTokens = 10;
  walks_without_gzip_ = gzip ? 0 : walks_without_gzip_ + 1;
  if (walks_without_gzip_ == kKeepTokens) tokens_.clear();
  if (gzip) AddTokens(*page);
  return {page.release(),
          [pool = pool_](const Page* done) {
            pool->GiveBack(std::unique_ptr<Page>(const_cast<Page*>(done)));
          },
          page_counts_};
}

void Scraper::AddTokens(Page& page) {
  tokens_.resize(page.families.size());
  for (size_t i = 0; i < page.families.size(); ++i) {
    MetricFamily& family = page.families[i];
    // Lines of several columns are merged as they are written.
    if (family.columns.size() != 1 || !family.columns[0]->order) continue;
    const auto& order = family.columns[0]->order;
    std::shared_ptr<const GzipTokens>& last = tokens_[i];
    if (!last || !last->Fit(order, family.header->name, family.buckets)) {
      last = GzipTokens::Build(order, family.header->name, family.buckets,
                               last.get());
    }
    page.tokens[i] = last;
    family.tokens = last.get();
  }
}

std::unique_ptr<Page> Scraper::MakePage() const {
  auto page = std::make_unique<Page>();
  page->pinned = configs_;
  size_t metrics = 0;
  for (const auto& config : *configs_) metrics += config->metrics().size();
  page->columns.resize(metrics);
  const Column* column = page->columns.data();
  for (const auto& config : *configs_) {
    for (const LiveConfig::Metric& metric : config->metrics()) {
      const auto family =
          std::find_if(page->families.begin(), page->families.end(),
                       [&](const MetricFamily& known) {
                         return known.header->name == metric.header.name;
                       });
      if (family != page->families.end()) {
        family->columns.push_back(column++);
        continue;
      }
      page->families.push_back({.header = &metric.header,
                                .buckets = metric.buckets,
                                .is_signed = metric.is_signed,
                                .columns = {column++}});
    }
  }
  std::sort(page->families.begin(), page->families.end(),
            [](const MetricFamily& a, const MetricFamily& b) {
              return a.header->name < b.header->name;
            });
  return page;
}

}  // namespace ebpf_exporter
