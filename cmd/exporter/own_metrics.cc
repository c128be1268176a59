#include "cmd/exporter/own_metrics.h"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cmd/exporter/process_families.h"
#include "core/decode/utf8.h"
#include "core/table/label_text.h"

namespace ebpf_exporter {
namespace {

using Labels =
    std::initializer_list<std::pair<std::string_view, std::string_view>>;

// One family in the making.
class Samples {
 public:
  Samples(std::string_view name, std::string_view help, FamilyType type)
      : family_{.header = {.name = std::string(name),
                           .help = std::string(help),
                           .type = type},
                .samples = {}} {}

  // Labels in the bytewise order of their names.
  void Add(Labels labels, std::variant<uint64_t, double> value) {
    std::string text;
    std::string repaired;
    for (const auto& [name, label_value] : labels) {
      repaired.clear();
      AppendRepaired(label_value, repaired);
      AppendLabel(name, repaired, text);
    }
    family_.samples.push_back({.labels = std::move(text), .value = value});
  }

  PlainFamily Take() {
    std::vector<PlainSample>& samples = family_.samples;
    std::stable_sort(samples.begin(), samples.end(),
                     [](const PlainSample& a, const PlainSample& b) {
                       return CompareLabelText(a.labels, b.labels) < 0;
                     });
    // Two failures of one function for one reason are one series.
    samples.erase(std::unique(samples.begin(), samples.end(),
                              [](const PlainSample& a, const PlainSample& b) {
                                return a.labels == b.labels;
                              }),
                  samples.end());
    return std::move(family_);
  }

 private:
  PlainFamily family_;
};

using Families = std::vector<PlainFamily>;
constexpr FamilyType kCounter = FamilyType::kCounter;
constexpr FamilyType kGauge = FamilyType::kGauge;
constexpr uint64_t kOne = 1;

void AddConfigs(const OwnState& state, Families& families) {
  Samples programs("ebpf_exporter_enabled_programs",
                   "The set of enabled programs", kGauge);
  Samples configs("ebpf_exporter_enabled_configs", "The set of enabled configs",
                  kGauge);
  Samples ok("ebpf_exporter_config_ok",
             "Whether a config is at work (1) or was refused (0)", kGauge);
  Samples failed("ebpf_exporter_attach_failed",
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
  families.push_back(programs.Take());
  families.push_back(configs.Take());
  families.push_back(ok.Take());
  families.push_back(failed.Take());
}

void AddPrograms(const OwnState& state, Families& families) {
  Samples first("ebpf_exporter_ebpf_programs", "Info about ebpf programs",
                kGauge);
  Samples info("ebpf_exporter_ebpf_program_info", "Info about ebpf programs",
               kGauge);
  Samples attached("ebpf_exporter_ebpf_program_attached",
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
  families.push_back(first.Take());
  families.push_back(info.Take());
  families.push_back(attached.Take());
}

void AddRuns(const OwnState& state, Families& families) {
  Samples time("ebpf_exporter_ebpf_program_run_time_seconds",
               "How long has the program been executing", kCounter);
  Samples count("ebpf_exporter_ebpf_program_run_count_total",
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
  families.push_back(time.Take());
  families.push_back(count.Take());
}

void AddDecoding(const OwnState& state, Families& families) {
  Samples errors("ebpf_exporter_decoder_errors_total",
                 "How many times has decoders encountered errors", kCounter);
  Samples keys("ebpf_exporter_undecodable_keys_total",
               "Map keys that could not be decoded, each counted when it came "
               "up, by reason",
               kCounter);
  Samples left_out("ebpf_exporter_left_out_entries",
                   "Map entries of the last scrape left out because of the "
                   "limit on series",
                   kGauge);
  Samples read("ebpf_exporter_map_read_errors_total",
               "Scrapes that could not read a map to its end", kCounter);
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
    for (const OwnMap& map : config.maps) {
      read.Add({{"config", config.name}, {"map", map.name}}, map.read_errors);
    }
    errors.Add({{"config", config.name}}, total);
  }
  families.push_back(errors.Take());
  families.push_back(keys.Take());
  families.push_back(left_out.Take());
  families.push_back(read.Take());
}

void AddEvents(const OwnState& state, Families& families) {
  Samples lost("ebpf_exporter_lost_events_total",
               "Events that no buffer had room for, or whose labels were "
               "beyond what is kept",
               kCounter);
  Samples malformed("ebpf_exporter_malformed_events_total",
                    "Events too short to hold their labels", kCounter);
  for (const OwnConfig& config : state.configs) {
    for (const OwnMap& map : config.maps) {
      if (!map.holds_events) continue;
      lost.Add({{"config", config.name}, {"map", map.name}}, map.lost_events);
      malformed.Add({{"config", config.name}, {"map", map.name}},
                    map.malformed_events);
    }
  }
  families.push_back(lost.Take());
  families.push_back(malformed.Take());
}

void AddOne(std::string_view name, std::string_view help, FamilyType type,
            std::variant<uint64_t, double> value, Families& families) {
  Samples one(name, help, type);
  one.Add({}, value);
  families.push_back(one.Take());
}

void AddLimits(const OwnState& state, Families& families) {
  AddOne("ebpf_exporter_series_limit",
         "How many samples all metrics may have together (--limits.series)",
         kGauge, state.series_limit, families);
  AddOne("ebpf_exporter_series_used",
         "How many samples all metrics have together", kGauge,
         state.series_used, families);
}

void AddScrapes(const OwnState& state, Families& families) {
  Samples scrapes("promhttp_metric_handler_requests_total",
                  "Total number of scrapes by HTTP status code.", kCounter);
  for (const auto& [status, count] : state.scrapes_by_status) {
    scrapes.Add({{"code", absl::StrCat(status)}}, count);
  }
  families.push_back(scrapes.Take());
  AddOne("promhttp_metric_handler_requests_in_flight",
         "Current number of scrapes being served.", kGauge,
         state.scrapes_in_flight, families);
}

void AddBuild(const OwnState& state, Families& families) {
  Samples build("ebpf_exporter_build_info",
                "A metric with a constant '1' value labeled by version, "
                "revision, compiler and libbpf from which ebpf_exporter was "
                "built.",
                kGauge);
  build.Add({{"compiler", state.compiler},
             {"libbpf", state.libbpf},
             {"revision", state.revision},
             {"version", state.version}},
            kOne);
  families.push_back(build.Take());
}

}  // namespace

std::vector<PlainFamily> MakeOwnFamilies(const OwnState& state) {
  Families families;
  AddConfigs(state, families);
  AddPrograms(state, families);
  AddRuns(state, families);
  AddDecoding(state, families);
  AddEvents(state, families);
  AddLimits(state, families);
  AddScrapes(state, families);
  AddBuild(state, families);
  for (PlainFamily& family : ProcessFamilies(state.process)) {
    families.push_back(std::move(family));
  }
  std::sort(families.begin(), families.end(),
            [](const PlainFamily& a, const PlainFamily& b) {
              return a.header.name < b.header.name;
            });
  return families;
}

}  // namespace ebpf_exporter
