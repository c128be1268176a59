#include "cmd/exporter/own_metrics.h"

#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cmd/exporter/process_families.h"

namespace ebpf_exporter {
namespace {

using Family = FamilyBook::Family;
constexpr FamilyType kCounter = FamilyType::kCounter;
constexpr FamilyType kGauge = FamilyType::kGauge;
constexpr uint64_t kOne = 1;

void AddConfigs(const OwnState& state, FamilyBook& book) {
  Family& programs = book.Open("ebpf_exporter_enabled_programs",
                               "The set of enabled programs", kGauge);
  Family& configs = book.Open("ebpf_exporter_enabled_configs",
                              "The set of enabled configs", kGauge);
  Family& ok =
      book.Open("ebpf_exporter_config_ok",
                "Whether a config is at work (1) or was refused (0)", kGauge);
  Family& failed =
      book.Open("ebpf_exporter_attach_failed",
                "Functions, or with an empty program whole configs, that are "
                "not at work, by reason",
                kGauge);
  for (const OwnConfig& config : state.configs) {
    ok.Add({{"config", config.name}}, uint64_t{config.serves});
    for (const OwnFailure& failure : config.failures) {
      failed.Add({{"config", config.name},
                  {"program", failure.function},
                  {"reason", failure.reason}},
                 kOne);
    }
    if (!config.serves) continue;
    programs.Add({{"name", config.name}}, kOne);
    configs.Add({{"name", config.name}}, kOne);
  }
}

void AddPrograms(const OwnState& state, FamilyBook& book) {
  Family& first = book.Open("ebpf_exporter_ebpf_programs",
                            "Info about ebpf programs", kGauge);
  Family& info = book.Open("ebpf_exporter_ebpf_program_info",
                           "Info about ebpf programs", kGauge);
  Family& attached = book.Open("ebpf_exporter_ebpf_program_attached",
                               "Whether a program is attached", kGauge);
  for (const OwnConfig& config : state.configs) {
    for (const OwnProgram& program : config.programs) {
      const std::string id = absl::StrCat(program.id);
      first.Add({{"function", program.function},
                 {"program", config.name},
                 {"tag", program.tag}},
                kOne);
      info.Add({{"config", config.name},
                {"id", id},
                {"program", program.function},
                {"tag", program.tag}},
               kOne);
      attached.Add({{"id", id}}, uint64_t{program.attached});
    }
  }
}

void AddAlternatives(const OwnState& state, FamilyBook& book) {
  Family& family =
      book.Open("ebpf_exporter_program_alternative",
                "Functions that do one job on different kernels: which of a "
                "group is at work (1) and which are not needed (0)",
                kGauge);
  for (const OwnConfig& config : state.configs) {
    for (const OwnAlternative& alternative : config.alternatives) {
      family.Add({{"config", config.name},
                  {"group", alternative.group},
                  {"program", alternative.function}},
                 uint64_t{alternative.chosen});
    }
  }
}

void AddRuns(const OwnState& state, FamilyBook& book) {
  Family& time = book.Open("ebpf_exporter_ebpf_program_run_time_seconds",
                           "How long has the program been executing", kCounter);
  Family& count =
      book.Open("ebpf_exporter_ebpf_program_run_count_total",
                "How many times has the program been executed", kCounter);
  for (const OwnConfig& config : state.configs) {
    for (const OwnProgram& program : config.programs) {
      if (!program.runs) continue;
      const std::string id = absl::StrCat(program.id);
      time.Add({{"id", id}},
               static_cast<double>(program.runs->nanoseconds) / 1e9);
      count.Add({{"id", id}}, program.runs->runs);
    }
  }
}

void AddDecoding(const OwnState& state, FamilyBook& book) {
  Family& errors =
      book.Open("ebpf_exporter_decoder_errors_total",
                "How many times has decoders encountered errors", kCounter);
  Family& keys =
      book.Open("ebpf_exporter_undecodable_keys_total",
                "Map keys that could not be decoded, each counted when it came "
                "up, by reason",
                kCounter);
  Family& left_out =
      book.Open("ebpf_exporter_left_out_entries",
                "Map entries of the last scrape left out because of the "
                "limit on series",
                kGauge);
  for (const OwnConfig& config : state.configs) {
    if (!config.serves) continue;
    uint64_t total = 0;
    for (const OwnMetric& metric : config.metrics) {
      for (const auto& [reason, count] : metric.decode_errors) {
        total += count;
        keys.Add({{"config", config.name},
                  {"metric", metric.name},
                  {"reason", reason}},
                 count);
      }
      left_out.Add({{"config", config.name}, {"metric", metric.name}},
                   metric.left_out);
    }
    errors.Add({{"config", config.name}}, total);
  }
}

void AddMaps(const OwnState& state, FamilyBook& book) {
  Family& read =
      book.Open("ebpf_exporter_map_read_errors_total",
                "Scrapes that could not read a map to its end", kCounter);
  Family& entries = book.Open("ebpf_exporter_map_entries",
                              "Entries of a map at the last scrape", kGauge);
  Family& room =
      book.Open("ebpf_exporter_map_max_entries",
                "Entries a map has room for; a hash map with far more than it "
                "needs is slower to read",
                kGauge);
  Family& method =
      book.Open("ebpf_exporter_map_read_method",
                "How a map was read at the last scrape, from cheap to dear: "
                "in_place, copies, batches, keys",
                kGauge);
  for (const OwnConfig& config : state.configs) {
    if (!config.serves) continue;
    for (const OwnMap& map : config.maps) {
      const FamilyBook::Labels labels = {{"config", config.name},
                                         {"map", map.name}};
      if (!map.read_method.empty()) {
        method.Add({{"config", config.name},
                    {"map", map.name},
                    {"method", map.read_method}},
                   uint64_t{1});
      }
      read.Add(labels, map.read_errors);
      entries.Add(labels, map.entries);
      room.Add(labels, map.max_entries);
    }
  }
}

void AddEvents(const OwnState& state, FamilyBook& book) {
  Family& lost = book.Open("ebpf_exporter_lost_events_total",
                           "Events that no buffer had room for, or whose "
                           "labels were beyond what is kept",
                           kCounter);
  Family& malformed =
      book.Open("ebpf_exporter_malformed_events_total",
                "Events too short to hold their labels", kCounter);
  for (const OwnConfig& config : state.configs) {
    for (const OwnMap& map : config.maps) {
      if (!map.holds_events) continue;
      const FamilyBook::Labels labels = {{"config", config.name},
                                         {"map", map.name}};
      lost.Add(labels, map.lost_events);
      malformed.Add(labels, map.malformed_events);
    }
  }
}

void AddOne(std::string_view name, std::string_view help, FamilyType type,
            FamilyBook::Number value, FamilyBook& book) {
  book.Open(name, help, type).Add({}, value);
}

void AddLimits(const OwnState& state, FamilyBook& book) {
  AddOne("ebpf_exporter_series_limit",
         "How many samples all metrics may have together (--limits.series)",
         kGauge, state.series_limit, book);
  AddOne("ebpf_exporter_series_used",
         "How many samples all metrics have together", kGauge,
         state.series_used, book);
}

void AddScrapes(const OwnState& state, FamilyBook& book) {
  Family& scrapes =
      book.Open("promhttp_metric_handler_requests_total",
                "Total number of scrapes by HTTP status code.", kCounter);
  for (const auto& [status, count] : state.scrapes_by_status) {
    scrapes.Add({{"code", absl::StrCat(status)}}, count);
  }
  AddOne("promhttp_metric_handler_requests_in_flight",
         "Current number of scrapes being served.", kGauge,
         state.scrapes_in_flight, book);
}

void AddBuild(const OwnState& state, FamilyBook& book) {
  Family& build =
      book.Open("ebpf_exporter_build_info",
                "A metric with a constant '1' value labeled by version, "
                "revision, compiler and libbpf from which ebpf_exporter was "
                "built.",
                kGauge);
  build.Add({{"compiler", state.compiler},
             {"libbpf", state.libbpf},
             {"revision", state.revision},
             {"version", state.version}},
            kOne);
}

}  // namespace

void WriteOwnFamilies(const OwnState& state, FamilyBook& book,
                      std::vector<PlainFamily>& families) {
  book.Begin();
  AddConfigs(state, book);
  AddPrograms(state, book);
  AddAlternatives(state, book);
  AddRuns(state, book);
  AddDecoding(state, book);
  AddMaps(state, book);
  AddEvents(state, book);
  AddLimits(state, book);
  AddScrapes(state, book);
  AddBuild(state, book);
  AddProcess(state.process, book);
  book.Write(families);
}

}  // namespace ebpf_exporter
