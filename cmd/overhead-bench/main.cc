// overhead-bench: what BPF programs cost on this host.

#include "CLI/CLI.hpp"
#include "cmd/overhead-bench/probes.h"

namespace {

void AddProbes(CLI::App& app, ebpf_exporter::ProbesFlags& flags) {
  CLI::App* probes = app.add_subcommand(
      "probes",
      "getppid with an empty, a simple and a complex program on each kind of "
      "hook, and counting in each map");
  probes
      ->add_option("--rounds", flags.rounds,
                   "of which the median is reported; below 12 no difference "
                   "can be told from chance")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  probes->add_flag("--contended", flags.contended,
                   "also on two CPUs that count under one key");
  probes->add_flag("--json", flags.json, "print JSON in place of the table");
  probes->add_flag("--smoke", flags.smoke,
                   "a second or two: few rounds, few calls");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("What BPF programs cost on this host");
  app.require_subcommand(1);
  ebpf_exporter::ProbesFlags probes;
  AddProbes(app, probes);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 1;
  }
  return ebpf_exporter::RunProbes(probes);
}
