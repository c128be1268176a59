#include "cmd/overhead-bench/command_line.h"

#include <functional>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "cmd/overhead-bench/compare_command.h"
#include "cmd/overhead-bench/output.h"
#include "cmd/overhead-bench/probes.h"

namespace ebpf_exporter {
namespace {

void AddOutput(CLI::App& command, OutputFlags& flags) {
  command
      .add_option("--format", flags.format, "table, json, csv, markdown, prom")
      ->check(CLI::IsMember({"table", "json", "csv", "markdown", "prom"}))
      ->capture_default_str();
  command.add_flag_callback(
      "--json", [&flags] { flags.format = "json"; },
      "the same as --format json");
  command.add_option("--svg", flags.svg, "also draw a plot into this file");
  command.add_option("--budget", flags.budget,
                     "such as ns<200,percent<5; exit code 3 if something costs "
                     "more, 4 if noise hides whether it does");
}

void AddRounds(CLI::App& command, size_t& rounds, int& seconds) {
  command
      .add_option("--rounds", rounds,
                  "of which the median is reported; below 12 no difference can "
                  "be told from chance")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command
      .add_option("--seconds", seconds,
                  "after which it ends, with the rounds so far")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
}

void AddProbes(CLI::App& app, ProbesFlags& flags) {
  CLI::App* probes = app.add_subcommand(
      "probes",
      "getppid with an empty, a simple and a complex program on each kind of "
      "hook, and counting in each map");
  AddRounds(*probes, flags.rounds, flags.seconds);
  probes->add_option("--kinds", flags.kinds, "only these, e.g. raw_tp,kprobe")
      ->delimiter(',');
  probes
      ->add_option("--programs", flags.programs,
                   "only some of none, empty, simple, complex")
      ->delimiter(',');
  probes
      ->add_option("--cpus", flags.cpus,
                   "numbers of CPUs that count at the same time; default 1, 2, "
                   "4 ... and all")
      ->delimiter(',')
      ->check(CLI::PositiveNumber);
  probes->add_flag("--smoke", flags.smoke,
                   "seconds: few rounds, few calls; does it still work?");
  AddOutput(*probes, flags.output);
}

void AddCompare(CLI::App& app, CompareFlags& flags) {
  CLI::App* compare = app.add_subcommand(
      "compare", "what became dearer from one JSON report to the other");
  compare->add_option("before", flags.before, "a file of --format json")
      ->required();
  compare->add_option("after", flags.after, "another one")->required();
  compare->add_flag("--json", flags.json, "print JSON in place of the table");
  compare->add_flag("--fail", flags.fail,
                    "exit code 3 if something became dearer");
}

}  // namespace

int RunCommandLine(int argc, char** argv) {
  CLI::App app("What BPF programs cost on this host");
  app.require_subcommand(1);
  ProbesFlags probes;
  CompareFlags compare;
  AddProbes(app, probes);
  AddCompare(app, compare);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kExitError;
  }
  if (app.got_subcommand("compare")) return RunCompare(compare);
  return RunProbes(probes);
}

}  // namespace ebpf_exporter
