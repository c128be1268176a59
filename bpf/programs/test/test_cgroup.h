// TestCgroup: a control group with a limit, and a process that runs in it.
//
//   TestCgroup group("memory", 32 << 20);
//   if (!group.trouble().empty()) GTEST_SKIP() << group.trouble();
//   const int status = group.Run([] { ...; return 0; });
//
// Works in both hierarchies. The group is removed
// with its owner.

#ifndef EBPF_EXPORTER_BPF_PROGRAMS_TEST_TEST_CGROUP_H_
#define EBPF_EXPORTER_BPF_PROGRAMS_TEST_TEST_CGROUP_H_

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>

namespace ebpf_exporter {

class TestCgroup {
 public:
  // `limit` is a number: bytes of memory, or microseconds of CPU time in each
  // tenth of a second.
  TestCgroup(const std::string& controller, uint64_t limit);
  ~TestCgroup() { rmdir(path_.c_str()); }
  TestCgroup(const TestCgroup&) = delete;
  TestCgroup& operator=(const TestCgroup&) = delete;

  // Why there is no such group; empty if there is.
  const std::string& trouble() const { return trouble_; }

  // The group's id where programs see that of the v2 hierarchy; else 0.
  uint64_t v2_id() const { return v2_id_; }

  // What waitpid() says of a process in the group that ends with `work`.
  int Run(const std::function<int()>& work) const;

 private:
  static bool Write(const std::string& file, const std::string& text);
  void Make(const std::string& parent);
  void Limit(const std::string& file, const std::string& text);

  std::string path_;
  std::string trouble_;
  uint64_t v2_id_ = 0;
};

inline TestCgroup::TestCgroup(const std::string& controller, uint64_t limit) {
  const std::string root = "/sys/fs/cgroup";
  const std::string number = std::to_string(limit);
  if (Write(root + "/cgroup.subtree_control", "+" + controller)) {
    Make(root);
    struct stat status = {};
    stat(path_.c_str(), &status);
    v2_id_ = status.st_ino;
    Limit(controller + ".max",
          controller == "cpu" ? number + " 100000" : number);
  } else {
    Make(root + "/" + controller);
    Limit(controller == "cpu" ? "cpu.cfs_quota_us" : "memory.limit_in_bytes",
          number);
  }
}

// Never makes a file: where there is no v2 hierarchy, its place may be a tmpfs.
inline bool TestCgroup::Write(const std::string& file,
                              const std::string& text) {
  const int fd = open(file.c_str(), O_WRONLY);
  const bool written = fd >= 0 && write(fd, text.data(), text.size()) ==
                                      static_cast<ssize_t>(text.size());
  close(fd);
  return written;
}

inline void TestCgroup::Make(const std::string& parent) {
  path_ = parent + "/ebpf_exporter_test." + std::to_string(getpid());
  if (mkdir(path_.c_str(), 0700) == 0) return;
  trouble_ = "cannot make " + path_ + ": " + std::strerror(errno);
}

inline void TestCgroup::Limit(const std::string& file,
                              const std::string& text) {
  if (!trouble_.empty() || Write(path_ + "/" + file, text)) return;
  trouble_ = "cannot write " + text + " to " + path_ + "/" + file;
}

inline int TestCgroup::Run(const std::function<int()>& work) const {
  const pid_t child = fork();
  if (child == 0) {
    _exit(Write(path_ + "/cgroup.procs", "0") ? work() : 99);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_PROGRAMS_TEST_TEST_CGROUP_H_
