#include "core/config/write_config.h"

#include <string>

#include "core/config/config_text.h"
#include "core/config/read_config.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

constexpr char kFirst[] = R"(programs:
  - name: p
    object: p.bpf.o
    kaddrs: [init_task]
    metrics:
      counters:
        - name: ops_total
          help: "Ops: \"all\""
          labels:
            - name: op
              size: 8
              decoders:
                - name: uint
                - name: static_map
                  allow_unknown: true
                  static_map: {1: read, 0x2: "wr: ite"}
            - name: command
              size: 16
              padding: 4
              decoders:
                - name: string
                - name: regexp
                  regexps: [^a$, b|c]
        - name: events_total
          help: h
          perf_map: events
          perf_map_flush_duration: 5m
          labels: [{name: x, size: 4, decoders: [{name: uint}]}]
      gauges:
        - name: depth
          help: h
          table: depths
          value: {offset: 8, size: 4, signed: true}
      histograms:
        - name: latency_seconds
          help: h
          bucket_type: exp2
          bucket_min: 0
          bucket_max: 26
          bucket_multiplier: 0.000001
          labels: [{name: bucket, size: 8, decoders: [{name: uint}]}]
        - name: fixed
          help: h
          bucket_type: fixed
          bucket_keys: [1, 10]
          slots: slots
)";

// What is read of the second form is what was read of the first one, but for
// the patterns.
TEST(WriteConfigTest, ReadsBackAsItWas) {
  ParsedConfig first = ReadConfig(kFirst, "p.yaml");
  ASSERT_EQ(first.findings.size(), 0) << ToString(first.findings[0]);
  const std::string text = WriteSecondGeneration(first.config.programs[0]);
  const ParsedConfig second = ReadConfig(text, "p.yaml");
  for (const Finding& finding : second.findings) {
    ADD_FAILURE() << ToString(finding) << "\n" << text;
  }
  for (MetricConfig& metric : first.config.programs[0].metrics) {
    metric.regexps_keep_match = true;
    for (LabelConfig& label : metric.labels) {
      for (DecoderConfig& decoder : label.decoders) {
        if (decoder.has_regexps) {
          decoder.regexps = {"^a$", "(?s)^.*(?:b|c).*$"};
        }
      }
    }
  }
  EXPECT_EQ(ConfigText(second.config), ConfigText(first.config)) << text;
}

}  // namespace
}  // namespace ebpf_exporter
