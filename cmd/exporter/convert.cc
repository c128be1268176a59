#include "cmd/exporter/convert.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "cmd/exporter/code_findings.h"
#include "cmd/exporter/report.h"
#include "core/config/read_config.h"
#include "core/config/write_config.h"
#include "core/inline/targets.h"
#include "core/inline/typed_functions.h"
#include "core/inline/typed_hook.h"

namespace ebpf_exporter {
namespace {

bool Say(std::string_view what) {
  std::fprintf(stderr, "exporter: error: %s\n", std::string(what).c_str());
  return false;
}

bool WriteFile(const std::filesystem::path& path, std::string_view content) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << content;
  file.close();
  if (file) return true;
  return Say(absl::StrCat("cannot write \"", path.string(), "\""));
}

// A program's name becomes a file's.
bool IsFileName(std::string_view name) {
  return !name.empty() && name.front() != '.' &&
         std::ranges::all_of(name, [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
                  c == '_' || c == '-' || c == '.';
         });
}

// The programs of the file with code, if nothing is wrong with any of them.
std::optional<std::vector<ProgramConfig>> ProgramsWithCode(
    const ConfigSource& source) {
  ParsedConfig parsed = ReadConfig(source.text, source.file);
  for (const ProgramConfig& program : parsed.config.programs) {
    if (program.code.empty() || program.refused) continue;
    const Findings missing = MissingFunctions(program, source.file);
    parsed.findings.insert(parsed.findings.end(), missing.begin(),
                           missing.end());
  }
  PrintFindings(parsed.findings);
  if (HasError(parsed.findings)) return std::nullopt;
  std::vector<ProgramConfig> programs;
  for (ProgramConfig& program : parsed.config.programs) {
    if (program.code.empty()) continue;
    if (!IsFileName(program.name)) {
      Say(absl::StrCat("program \"", program.name,
                       "\" cannot be the name of a file; rename it with "
                       "letters, digits, _, - and ."));
      return std::nullopt;
    }
    programs.push_back(std::move(program));
  }
  if (programs.empty()) {
    Say(absl::StrCat(source.file, " has no program with `code:`"));
    return std::nullopt;
  }
  return programs;
}

bool MakeDirectory(const std::string& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (!error) return true;
  return Say(absl::StrCat("cannot make the directory \"", directory,
                          "\": ", error.message()));
}

// Prints what is wrong with a program's code; true if there is nothing.
bool IsGood(const std::vector<CodeFinding>& wrong, const ProgramConfig& program,
            const ConfigSource& source) {
  Findings findings;
  for (const CodeFinding& finding : wrong) {
    findings.push_back(FindingOf(finding, program, source.file));
  }
  PrintFindings(findings);
  return findings.empty();
}

// Says which form each function of a program has.
void SayForms(const ProgramConfig& program, InlineCompiler& compiler) {
  const std::vector<FunctionForm> forms = compiler.FormsOf(program);
  for (const InlineTarget& target : TargetsOf(program)) {
    const auto form =
        std::ranges::find(forms, target.function, &FunctionForm::function);
    const bool typed = form != forms.end() && !form->typed.empty();
    const bool told = form != forms.end() && !form->why.empty();
    std::printf("%s: %s: %s\n", program.name.c_str(), target.function.c_str(),
                typed ? absl::StrCat(TypedSection(target.hook, target.target),
                                     ", with direct loads")
                            .c_str()
                      : absl::StrCat(target.section, told ? ", since " : "",
                                     told ? form->why : "")
                            .c_str());
  }
}

}  // namespace

std::string WithObject(const std::string& text, const ProgramConfig& program,
                       const std::string& object) {
  std::vector<std::string> lines = absl::StrSplit(text, '\n');
  const auto key = static_cast<size_t>(program.code_mark.line) - 1;
  const size_t at = lines[key].rfind(
      "code", static_cast<size_t>(program.code_mark.column) - 1);
  const bool quoted =
      at > 0 && (lines[key][at - 1] == '"' || lines[key][at - 1] == '\'');
  lines[key] = absl::StrCat(lines[key].substr(0, quoted ? at - 1 : at),
                            "object: ", object);
  const auto indent = static_cast<size_t>(program.code_start.column) - 1;
  size_t end = key + 1;
  for (size_t i = end; i < lines.size(); ++i) {
    const size_t first = lines[i].find_first_not_of(" \r");
    if (first == std::string::npos) continue;
    if (first < indent) break;
    end = i + 1;
  }
  lines.erase(lines.begin() + static_cast<ptrdiff_t>(key) + 1,
              lines.begin() + static_cast<ptrdiff_t>(end));
  return absl::StrJoin(lines, "\n");
}

int CompileConfig(const ConfigSource& source, const std::string& directory,
                  InlineCompiler& compiler) {
  const auto programs = ProgramsWithCode(source);
  if (!programs || !MakeDirectory(directory)) return 1;
  const std::filesystem::path folder(directory);
  const std::filesystem::path target =
      folder / std::filesystem::path(source.file).filename();
  std::error_code error;
  if (std::filesystem::equivalent(target, source.file, error)) {
    Say("the new configuration would take the place of the old one; name "
        "another directory with -o");
    return 1;
  }
  std::string text = source.text;
  // From the last one up, so that the lines of the others stay.
  for (size_t i = programs->size(); i-- > 0;) {
    const ProgramConfig& program = (*programs)[i];
    const InlineObject compiled = compiler.Compile(program);
    if (!IsGood(compiled.findings, program, source)) return 1;
    const std::string object = absl::StrCat(program.name, ".bpf.o");
    if (!WriteFile(folder / object, compiled.object)) return 1;
    SayForms(program, compiler);
    text = WithObject(text, program, object);
  }
  return WriteFile(target, text) ? 0 : 1;
}

int MigrateConfig(const ConfigSource& source, const std::string& directory,
                  InlineCompiler& compiler) {
  const auto programs = ProgramsWithCode(source);
  if (!programs || !MakeDirectory(directory)) return 1;
  const std::filesystem::path folder(directory);
  for (const ProgramConfig& program : *programs) {
    const Migrated migrated = compiler.Migrate(program);
    if (!IsGood(migrated.findings, program, source)) return 1;
    if (!WriteFile(folder / absl::StrCat(program.name, ".bpf.c"),
                   migrated.source) ||
        !WriteFile(folder / absl::StrCat(program.name, ".yaml"),
                   WriteSecondGeneration(migrated.config))) {
      return 1;
    }
    for (const auto& [function, section] : migrated.sections) {
      std::printf("%s: %s: %s\n", program.name.c_str(), function.c_str(),
                  section.c_str());
    }
  }
  return 0;
}

}  // namespace ebpf_exporter
