// A page is everything one scrape found, ready to be written in any format, any
// number of times, at any speed: columns of kernel numbers, the families over
// them, and what the exporter says about itself.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_PAGE_H_
#define EBPF_EXPORTER_CMD_EXPORTER_PAGE_H_

#include <algorithm>
#include <memory>
#include <string_view>
#include <vector>

#include "core/exposition/chunk_buffer.h"
#include "core/exposition/family.h"
#include "core/exposition/gzip_lines.h"
#include "core/exposition/gzip_text.h"
#include "core/exposition/gzip_tokens.h"
#include "core/exposition/prometheus_text.h"
#include "core/table/column.h"

namespace ebpf_exporter {

struct Page {
  Page() = default;
  Page(const Page&) = delete;  // families point into columns
  Page& operator=(const Page&) = delete;

  std::vector<Column> columns;
  std::vector<MetricFamily> families;  // by name
  std::vector<PlainFamily> own;        // by name
  // A family's coded lines, or null; whom `families` point to.
  std::vector<std::shared_ptr<const GzipTokens>> tokens;
  // Keeps alive what headers and buckets point at.
  std::shared_ptr<const void> pinned;
};

// Writes the page with families in the order of their names. False if the sink
// of the writer gave up.
template <typename Writer>
bool WritePage(const Page& page, Writer writer) {
  auto own = page.own.begin();
  for (const MetricFamily& family : page.families) {
    while (own != page.own.end() && own->header.name < family.header->name) {
      writer.Write(*own++);
    }
    writer.Write(family);
  }
  while (own != page.own.end()) writer.Write(*own++);
  writer.Finish();
  return writer.ok();
}

// The page as text, and the same text as gzip, with memory that is lent if
// `lent` is not null.
template <ByteSink S>
bool WriteText(const Page& page, S* sink, TextBlock* lent = nullptr) {
  return WritePage(page, PrometheusTextWriter<S>(sink, lent));
}
template <ByteSink S>
bool WriteGzip(const Page& page, S* sink, GzipScratch* lent = nullptr) {
  return WritePage(page, GzipTextWriter<S>(sink, lent));
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_PAGE_H_
