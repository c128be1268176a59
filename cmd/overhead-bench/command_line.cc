#include "cmd/overhead-bench/command_line.h"

#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "cmd/overhead-bench/compare_command.h"
#include "cmd/overhead-bench/config_command.h"
#include "cmd/overhead-bench/observe.h"
#include "cmd/overhead-bench/output.h"
#include "cmd/overhead-bench/probes.h"
#include "cmd/overhead-bench/scrape_command.h"

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

// How often something is done.
CLI::Range Times() { return CLI::Range(1, 1000); }

CLI::Range Seconds() { return CLI::Range(1, 1'000'000); }

void AddRounds(CLI::App& command, size_t& rounds, int& seconds) {
  command
      .add_option("--rounds", rounds,
                  "of which the median is reported; below 12 no difference can "
                  "be told from chance")
      ->check(Times())
      ->capture_default_str();
  command
      .add_option("--seconds", seconds,
                  "after which it ends, with the rounds so far")
      ->check(Seconds())
      ->capture_default_str();
}

void AddProbes(CLI::App& app, ProbesFlags& flags) {
  CLI::App* probes = app.add_subcommand(
      "probes",
      "getppid with an empty, a simple and a complex program on each kind of "
      "hook, and counting in each map");
  AddRounds(*probes, flags.rounds, flags.seconds);
  probes->add_option("--kinds", flags.kinds, "only these, e.g. raw_tp,kprobe")
      ->delimiter(',')
      ->allow_extra_args(false);
  probes
      ->add_option("--programs", flags.programs,
                   "only some of none, empty, simple, complex")
      ->delimiter(',')
      ->allow_extra_args(false);
  probes
      ->add_option("--cpus", flags.cpus,
                   "numbers of CPUs that count at the same time; default 1, 2, "
                   "4 ... and all")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::Range(1, 8192));
  probes->add_flag("--smoke", flags.smoke,
                   "seconds: few rounds, few calls; does it still work?");
  AddOutput(*probes, flags.output);
}

void AddConfig(CLI::App& app, ConfigFlags& flags) {
  CLI::App* config = app.add_subcommand(
      "config",
      "what configurations of the exporter cost, under workloads that make "
      "their hooks fire");
  config->add_option("files", flags.files, "YAML files, as the exporter reads")
      ->required();
  AddRounds(*config, flags.rounds, flags.seconds);
  config->add_option("--workload", flags.command,
                     "a command to time in place of the built-in workloads");
  config
      ->add_option("--workloads", flags.workloads,
                   "these built-in ones, whatever the hooks: syscalls, "
                   "switches, processes, files, tcp, faults, timers")
      ->delimiter(',')
      ->allow_extra_args(false);
  config->add_flag("--smoke", flags.smoke,
                   "seconds: few rounds, few operations");
  AddOutput(*config, flags.output);
}

void AddObserve(CLI::App& app, ObserveFlags& flags) {
  CLI::App* observe = app.add_subcommand(
      "observe",
      "which BPF programs of this host, whoever loaded them, take how much of "
      "its CPUs; makes no load");
  observe->add_option("--duration", flags.duration, "how long, e.g. 30s")
      ->capture_default_str();
  observe->add_option("--pid", flags.process,
                      "only programs that this process holds");
  AddOutput(*observe, flags.output);
}

void AddScrape(CLI::App& app, ScrapeFlags& flags) {
  CLI::App* scrape = app.add_subcommand(
      "scrape", "what reading the maps and writing the page costs, by file");
  scrape->add_option("files", flags.files, "YAML files, as the exporter reads")
      ->required();
  scrape->add_option("--scrapes", flags.scrapes, "of which the median is taken")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  AddOutput(*scrape, flags.output);
}

void AddCompare(CLI::App& app, CompareFlags& flags) {
  CLI::App* compare = app.add_subcommand(
      "compare", "what became dearer from one JSON report to the other");
  compare->add_option("before", flags.before, "a file of --format json")
      ->required();
  compare->add_option("after", flags.after, "another one")->required();
  compare->add_option("--format", flags.format, "table, json, markdown")
      ->check(CLI::IsMember({"table", "json", "markdown"}))
      ->capture_default_str();
  compare->add_flag_callback(
      "--json", [&flags] { flags.format = "json"; },
      "the same as --format json");
  compare->add_flag("--fail", flags.fail,
                    "exit code 3 if something became dearer");
}

}  // namespace

int RunCommandLine(int argc, char** argv) {
  CLI::App app("What BPF programs cost on this host");
  app.require_subcommand(1);
  ProbesFlags probes;
  ConfigFlags config;
  ObserveFlags observe;
  ScrapeFlags scrape;
  CompareFlags compare;
  AddProbes(app, probes);
  AddConfig(app, config);
  AddObserve(app, observe);
  AddScrape(app, scrape);
  AddCompare(app, compare);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kExitError;
  }
  if (app.got_subcommand("compare")) return RunCompare(compare);
  if (app.got_subcommand("config")) return RunConfig(config);
  if (app.got_subcommand("observe")) return RunObserve(observe);
  if (app.got_subcommand("scrape")) return RunScrape(scrape);
  return RunProbes(probes);
}

}  // namespace ebpf_exporter
