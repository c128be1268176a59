// The built overhead-bench, run by a test: with a signal in the middle, on some
// CPUs only, its output at hand. Tests of this folder run from the top of the
// repository's files.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_BENCH_PROCESS_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_BENCH_PROCESS_H_

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "bpf/loader/privileges.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {

class BenchProcess {
 public:
  explicit BenchProcess(std::vector<std::string> arguments);
  BenchProcess(const BenchProcess&) = delete;
  BenchProcess& operator=(const BenchProcess&) = delete;
  ~BenchProcess();

  void Kill(int signal) const { kill(child_, signal); }
  // Waits for its end. The exit code, or minus the signal that ended it.
  int Wait();

  pid_t pid() const { return child_; }
  std::string out() const { return Text(out_); }
  std::string err() const { return Text(err_); }

 private:
  static std::string NewFile();
  static std::string Text(const std::string& path);

  std::string out_ = NewFile();
  std::string err_ = NewFile();
  pid_t child_ = -1;
  bool ended_ = false;
};

// The whole of a run.
struct Ended {
  int code;
  std::string out;
  std::string err;
};

inline Ended RunBench(std::vector<std::string> arguments);

// In tests of what needs BPF.
#define SKIP_WITHOUT_PRIVILEGES()                      \
  do {                                                 \
    const absl::Status privileges = CheckPrivileges(); \
    if (!privileges.ok()) GTEST_SKIP() << privileges;  \
  } while (false)

// Implementation below.

inline BenchProcess::BenchProcess(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "cmd/overhead-bench/overhead-bench");
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  child_ = fork();
  if (child_ != 0) return;
  dup2(open(out_.c_str(), O_WRONLY | O_TRUNC), STDOUT_FILENO);
  dup2(open(err_.c_str(), O_WRONLY | O_TRUNC), STDERR_FILENO);
  execv(argv[0], argv.data());
  _exit(127);
}

inline Ended RunBench(std::vector<std::string> arguments) {
  BenchProcess bench(std::move(arguments));
  const int code = bench.Wait();
  return {code, bench.out(), bench.err()};
}

inline BenchProcess::~BenchProcess() {
  if (!ended_) {
    Kill(SIGKILL);
    Wait();
  }
  unlink(out_.c_str());
  unlink(err_.c_str());
}

inline int BenchProcess::Wait() {
  int status = 0;
  waitpid(child_, &status, 0);
  ended_ = true;
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

inline std::string BenchProcess::NewFile() {
  const char* folder = std::getenv("TEST_TMPDIR");
  std::string path = folder == nullptr ? "/tmp" : folder;
  path += "/bench-XXXXXX";
  close(mkstemp(path.data()));
  return path;
}

inline std::string BenchProcess::Text(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_BENCH_PROCESS_H_
