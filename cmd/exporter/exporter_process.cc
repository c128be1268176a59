#include "cmd/exporter/exporter_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "bpf/loader/privileges.h"
#include "cmd/exporter/http_test_client.h"
#include "tools/build/patience.h"

namespace ebpf_exporter {
namespace {

constexpr char kBinary[] = "cmd/exporter/exporter";
constexpr std::chrono::milliseconds kPoll{20};

std::string TemporaryPath() {
  static int count = 0;
  const char* directory = std::getenv("TEST_TMPDIR");
  return absl::StrCat(directory == nullptr ? "/tmp" : directory, "/exporter-",
                      getpid(), "-", count++, ".log");
}

// Undoes the chunked coding; false unless the last chunk is there.
bool AppendChunks(std::string_view coded, std::string& out) {
  while (true) {
    const size_t line = coded.find("\r\n");
    if (line == std::string_view::npos) return false;
    size_t size = 0;
    if (!absl::SimpleHexAtoi(coded.substr(0, line), &size)) return false;
    coded.remove_prefix(line + 2);
    if (size == 0) return true;
    if (coded.size() < size + 2) return false;
    out.append(coded.substr(0, size));
    coded.remove_prefix(size + 2);
  }
}

void Pause() { usleep(static_cast<useconds_t>(kPoll.count() * 1000)); }

}  // namespace

ExporterProcess::ExporterProcess(std::vector<std::string> arguments)
    : log_path_(TemporaryPath()) {
  arguments.insert(arguments.begin(), kBinary);
  if (std::none_of(arguments.begin(), arguments.end(), [](const auto& flag) {
        return absl::StartsWith(flag, "--web.listen-address");
      })) {
    arguments.push_back("--web.listen-address=127.0.0.1:0");
  }
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, log_path_.c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0600);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO,
                                   (log_path_ + ".out").c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (posix_spawn(&pid_, kBinary, &files, nullptr, argv.data(), environ) != 0) {
    pid_ = -1;
  }
  posix_spawn_file_actions_destroy(&files);
}

ExporterProcess::~ExporterProcess() {
  if (pid_ > 0) Stop(SIGKILL);
}

std::string ExporterProcess::Log() {
  std::stringstream text;
  text << std::ifstream(log_path_).rdbuf();
  return text.str();
}

bool ExporterProcess::WaitUntilItListens() {
  for (int i = 0; i < 3000 * Patience(); ++i, Pause()) {
    const std::string log = Log();
    const size_t line = log.find("msg=listening");
    const size_t port = log.find(" port=", line);
    if (line != std::string::npos && port != std::string::npos) {
      const size_t begin = port + 6;
      const size_t end = log.find_first_not_of("0123456789", begin);
      return absl::SimpleAtoi(log.substr(begin, end - begin), &port_);
    }
    if (WaitForTheEnd(std::chrono::seconds(0))) return false;
  }
  return false;
}

ExporterProcess::Reply ExporterProcess::Get(std::string_view path,
                                            std::string_view headers) const {
  const std::string all =
      Fetch(port_, absl::StrCat("GET ", path,
                                " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n",
                                headers, "\r\n"));
  Reply reply;
  const size_t end = all.find("\r\n\r\n");
  if (end == std::string::npos) return reply;
  reply.head = all.substr(0, end);
  const std::string_view body = std::string_view(all).substr(end + 4);
  const bool chunked =
      absl::StrContains(reply.head, "Transfer-Encoding: chunked");
  if (chunked && !AppendChunks(body, reply.body)) return reply;
  if (!chunked) reply.body = std::string(body);
  if (!absl::SimpleAtoi(all.substr(all.find(' ') + 1, 3), &reply.status)) {
    reply.status = 0;
  }
  return reply;
}

absl::StatusOr<ParsedPage> ExporterProcess::Scrape() const {
  const Reply reply = Get("/metrics");
  if (reply.status != 200) {
    return absl::UnavailableError(absl::StrCat("status ", reply.status));
  }
  return ParsePrometheusText(reply.body);
}

std::optional<int> ExporterProcess::Stop(int signal) {
  if (pid_ <= 0) return std::nullopt;
  kill(pid_, signal);
  return WaitForTheEnd(std::chrono::seconds(20));
}

std::optional<int> ExporterProcess::WaitForTheEnd(
    std::chrono::seconds timeout) {
  if (pid_ <= 0) return std::nullopt;
  const auto deadline = std::chrono::steady_clock::now() + timeout * Patience();
  do {
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) == pid_) {
      pid_ = -1;
      return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    if (timeout.count() > 0) Pause();
  } while (std::chrono::steady_clock::now() < deadline);
  return std::nullopt;
}

double SumOf(const ParsedPage& page, std::string_view family,
             std::string_view name,
             const std::vector<std::pair<std::string, std::string>>& labels) {
  const auto found = page.find(std::string(family));
  if (found == page.end()) return 0;
  double sum = 0;
  for (const ParsedSample& sample : found->second.samples) {
    const bool matches =
        sample.name == name &&
        std::all_of(labels.begin(), labels.end(), [&](const auto& label) {
          return sample.Label(label.first) == label.second;
        });
    if (matches) sum += sample.number();
  }
  return sum;
}

bool MayUseBpf() {
  const absl::Status allowed = CheckPrivileges();
  if (allowed.ok()) return true;
  std::cerr << "\n*** SKIPPED, NOTHING WAS TESTED: " << allowed.message()
            << "\n\n";
  return false;
}

}  // namespace ebpf_exporter
