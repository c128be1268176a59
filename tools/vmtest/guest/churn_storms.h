// Names that come and go, each kind in a thread of its own until the object is
// gone.

#ifndef EBPF_EXPORTER_TOOLS_VMTEST_GUEST_CHURN_STORMS_H_
#define EBPF_EXPORTER_TOOLS_VMTEST_GUEST_CHURN_STORMS_H_

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

class ChurnStorms {
 public:
  // Control groups are made below `groups`, a directory that is there;
  // `interface` is a dummy interface by the name of was0; `module` may be
  // loaded and unloaded, or is empty.
  ChurnStorms(std::string groups, int interface, std::string module);
  ~ChurnStorms();
  ChurnStorms(const ChurnStorms&) = delete;
  ChurnStorms& operator=(const ChurnStorms&) = delete;

  // So far. Groups count before they are there, so that nobody sees more.
  int groups() const { return groups_made_; }
  int groups_removed() const { return groups_removed_; }
  int forks() const { return forks_; }
  int modules() const { return modules_loaded_; }
  // The number in the name that the interface surely has reached, and in the
  // last one that it may have.
  int name() const { return name_; }
  int next_name() const { return next_name_; }

 private:
  void Fork();
  void MakeGroups();
  void RenameInterface();
  void ReloadModule();
  // A hundred groups, each with a process in it for a moment.
  void MakeSomeGroups();

  const std::string root_;
  const int interface_;
  const std::string module_;
  std::atomic<bool> stopped_ = false;
  std::atomic<int> groups_made_ = 0;
  std::atomic<int> groups_removed_ = 0;
  std::atomic<int> forks_ = 0;
  std::atomic<int> modules_loaded_ = 0;
  std::atomic<int> name_ = 0;
  std::atomic<int> next_name_ = 0;
  std::vector<std::jthread> threads_;
};

#endif  // EBPF_EXPORTER_TOOLS_VMTEST_GUEST_CHURN_STORMS_H_
