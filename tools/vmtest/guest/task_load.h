// The part of the load that is tasks, signals, control groups and memory. Each
// function returns how often it did what it is called after.

#ifndef EBPF_EXPORTER_TOOLS_VMTEST_GUEST_TASK_LOAD_H_
#define EBPF_EXPORTER_TOOLS_VMTEST_GUEST_TASK_LOAD_H_

#include <string>

int CallGetppid();
int Sleep();
int WaitForChildrenOfVfork();
int SendSignals();
int MoveBetweenCpus();
int UnmapPages();
// At least so many times; in a control group that has a tenth of a CPU.
int UseUpCpuQuota();
// In a control group that has less memory than the file is large.
int WriteMoreThanMemory(const std::string& directory);
int RunOutOfMemory();
// Of all file systems, which forget what can be looked up again.
int DropCaches();

#endif  // EBPF_EXPORTER_TOOLS_VMTEST_GUEST_TASK_LOAD_H_
