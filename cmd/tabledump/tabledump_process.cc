#include "cmd/tabledump/tabledump_process.h"

#include <fcntl.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>

namespace ebpf_exporter {
namespace {

std::string ReadAll(int fd) {
  std::string text;
  char block[4096];
  while (true) {
    const ssize_t got = read(fd, block, sizeof(block));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;  // a terminal ends with EIO
    text.append(block, static_cast<size_t>(got));
  }
  close(fd);
  return text;
}

// Becomes tabledump; never returns.
[[noreturn]] void Become(const std::string& binary,
                         const std::vector<std::string>& arguments,
                         const RunOptions& options, int out, int err) {
  const std::string input = options.input.empty() ? "/dev/null" : options.input;
  if (!options.directory.empty() && chdir(options.directory.c_str()) != 0) {
    _exit(120);
  }
  const int in = open(input.c_str(), O_RDONLY);
  if (in < 0) _exit(121);
  dup2(in, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  std::vector<char*> argv = {const_cast<char*>(binary.c_str())};
  for (const std::string& argument : arguments) {
    argv.push_back(const_cast<char*>(argument.c_str()));
  }
  argv.push_back(nullptr);
  std::vector<char*> environment;
  for (const std::string& variable : options.environment) {
    environment.push_back(const_cast<char*>(variable.c_str()));
  }
  environment.push_back(nullptr);
  execve(binary.c_str(), argv.data(), environment.data());
  _exit(122);
}

}  // namespace

RunResult RunTabledump(const std::vector<std::string>& arguments,
                       const RunOptions& options) {
  const std::string binary =
      std::filesystem::absolute("cmd/tabledump/tabledump").string();
  int out[2];
  int err[2];
  const bool opened =
      (options.terminal ? openpty(&out[0], &out[1], nullptr, nullptr, nullptr)
                        : pipe(out)) == 0 &&
      pipe(err) == 0;
  if (!opened) return {};
  const pid_t child = fork();
  if (child == 0) Become(binary, arguments, options, out[1], err[1]);
  close(out[1]);
  close(err[1]);
  RunResult result;
  std::thread errors([&] { result.err = ReadAll(err[0]); });
  result.out = ReadAll(out[0]);
  errors.join();
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
  return result;
}

}  // namespace ebpf_exporter
