#include "bpf/inline/run_command.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "bpf/loader/file_descriptor.h"

namespace ebpf_exporter {
namespace {

constexpr char kDefaultPath[] = "/usr/local/bin:/usr/bin:/bin";

std::string Path() {
  const char* path = getenv("PATH");
  return path == nullptr ? kDefaultPath : path;
}

// A file in memory, with `content` and its place at the start.
FileDescriptor MemoryFile(std::string_view content) {
  FileDescriptor file(memfd_create("command", MFD_CLOEXEC));
  while (file.valid() && !content.empty()) {
    const ssize_t wrote = write(file.get(), content.data(), content.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return FileDescriptor();
    content.remove_prefix(static_cast<size_t>(wrote));
  }
  if (file.valid()) lseek(file.get(), 0, SEEK_SET);
  return file;
}

std::string ContentOf(int file) {
  const off_t size = lseek(file, 0, SEEK_END);
  std::string content(size > 0 ? static_cast<size_t>(size) : 0, '\0');
  size_t have = 0;
  while (have < content.size()) {
    const ssize_t got = pread(file, content.data() + have,
                              content.size() - have, static_cast<off_t>(have));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    have += static_cast<size_t>(got);
  }
  content.resize(have);
  return content;
}

// The process, or -1 with errno set.
pid_t Spawn(const std::vector<std::string>& arguments, int input, int output,
            int errors) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) {
    argv.push_back(const_cast<char*>(argument.c_str()));
  }
  argv.push_back(nullptr);
  std::string path = absl::StrCat("PATH=", Path());
  std::string locale = "LC_ALL=C";
  char* environment[] = {path.data(), locale.data(), nullptr};

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, defaults;
  sigemptyset(&none);
  sigfillset(&defaults);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP |
                                            POSIX_SPAWN_SETSIGMASK |
                                            POSIX_SPAWN_SETSIGDEF);
  pid_t child = -1;
  const int error = posix_spawn(&child, argv[0], &actions, &attributes,
                                argv.data(), environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  errno = error;
  return error == 0 ? child : -1;
}

// True once the child has ended, false if it did not in time.
bool WaitFor(pid_t child, std::chrono::milliseconds limit) {
  const FileDescriptor process(
      static_cast<int>(syscall(SYS_pidfd_open, child, 0)));
  if (!process.valid()) return true;  // then waitpid() waits, without a limit
  const auto end = std::chrono::steady_clock::now() + limit;
  pollfd ready = {.fd = process.get(), .events = POLLIN, .revents = 0};
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    const int answer = poll(&ready, 1, static_cast<int>(left.count()));
    if (answer > 0) return true;
    if (answer < 0 && errno != EINTR) return true;
  }
}

}  // namespace

absl::StatusOr<CommandResult> RunCommand(
    const std::vector<std::string>& arguments, std::string_view input,
    std::chrono::milliseconds limit) {
  const FileDescriptor in = MemoryFile(input);
  const FileDescriptor out = MemoryFile("");
  const FileDescriptor errors = MemoryFile("");
  if (!in.valid() || !out.valid() || !errors.valid()) {
    return absl::ErrnoToStatus(errno, "cannot make a file in memory");
  }
  const pid_t child = Spawn(arguments, in.get(), out.get(), errors.get());
  if (child < 0) {
    return absl::ErrnoToStatus(errno,
                               absl::StrCat("cannot run ", arguments[0]));
  }
  const bool ended = WaitFor(child, limit);
  if (!ended) kill(-child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!ended) {
    return absl::DeadlineExceededError(absl::StrCat(
        arguments[0], " did not end within ",
        std::chrono::duration_cast<std::chrono::seconds>(limit).count(),
        " s and was killed"));
  }
  CommandResult result;
  result.exit_code =
      WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  result.output = ContentOf(out.get());
  result.errors = ContentOf(errors.get());
  return result;
}

std::string FindCommand(const std::string& name) {
  if (name.find('/') != std::string::npos) {
    return access(name.c_str(), X_OK) == 0 ? name : "";
  }
  for (std::string_view folder : absl::StrSplit(Path(), ':')) {
    // An empty part would be the current folder, which others may write to.
    if (folder.empty()) continue;
    const std::string path = absl::StrCat(folder, "/", name);
    if (access(path.c_str(), X_OK) == 0) return path;
  }
  return "";
}

}  // namespace ebpf_exporter
