// The scraper reads all live configurations into pages.
//
//   scrape ─▶ Scraper::Scrape ─▶ LiveConfig::Walk ... ─▶ Page ─▶ WriteText
//
// One scrape walks, for all: scrapes that overlap share a walk, since one that
// comes while a walk is under way waits for the next, together with all others
// that wait, and one of them makes it. So a page is mostly written by the CPU
// that has just read it. Pages are used again once the last reader has let go;
// a slow reader costs its page and nothing else. Thread-safe.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_SCRAPER_H_
#define EBPF_EXPORTER_CMD_EXPORTER_SCRAPER_H_

#include <array>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "bpf/host/host_names.h"
#include "cmd/exporter/live_config.h"
#include "cmd/exporter/page.h"
#include "cmd/exporter/recycling_allocator.h"
#include "core/exposition/gzip_tokens.h"

namespace ebpf_exporter {

using LiveConfigs = std::vector<std::unique_ptr<LiveConfig>>;

class Scraper {
 public:
  // Called within a walk, by whoever makes it, after the maps have been read:
  // fills `families`, whose memory is to be used again, with what the exporter
  // says about itself, families and samples in order.
  using OwnFamilies = std::function<void(const LiveConfigs&,
                                         std::vector<PlainFamily>& families)>;

  // `names` outlives the scraper and its pages.
  Scraper(LiveConfigs configs, HostNames* names, OwnFamilies own);
  Scraper(const Scraper&) = delete;
  Scraper& operator=(const Scraper&) = delete;

  const LiveConfigs& configs() const { return *configs_; }
  // A page no older than this call.
  // `gzip`: the page will be written as gzip, so it is worth coding its lines.
  std::shared_ptr<const Page> Scrape(bool gzip = false);

 private:
  class PagePool;

  std::shared_ptr<const Page> Walk(bool gzip);
  // Gives the page's families their coded lines, coding what is new.
  void AddTokens(Page& page);
  std::unique_ptr<Page> MakePage() const;

  // Shared with pages, whose headers and buckets it owns.
  const std::shared_ptr<const LiveConfigs> configs_;
  HostNames* const names_;
  const OwnFamilies own_;
  const std::shared_ptr<PagePool> pool_;
  // Memory of the counts of who holds a page.
  const RecyclingAllocator<Page> page_counts_;

  // Of whoever walks.
  // The last coded lines, by family. They pin label text, so they go when
  // nobody has asked for gzip for some walks.
  std::vector<std::shared_ptr<const GzipTokens>> tokens_;
  int walks_without_gzip_ = 0;

  std::mutex mutex_;  // guards what follows
  std::condition_variable walk_done_;
  bool wants_gzip_ = false;  // of the next walk
  uint64_t started_ = 0;     // walks begun
  uint64_t finished_ = 0;    // walks done
  // Who waits for a walk, and its page until all of them have it: walks with an
  // even number and those with an odd one.
  struct Round {
    size_t waiting = 0;
    std::shared_ptr<const Page> page;
  };
  std::array<Round, 2> rounds_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_SCRAPER_H_
