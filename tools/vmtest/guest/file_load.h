// The part of the load that is files and the page cache. Each function returns
// how often it did what it is called after.

#ifndef EBPF_EXPORTER_TOOLS_VMTEST_GUEST_FILE_LOAD_H_
#define EBPF_EXPORTER_TOOLS_VMTEST_GUEST_FILE_LOAD_H_

#include <string>

int WriteDirectly(const std::string& directory);
int WriteThroughTheCache(const std::string& directory);
int UseFile(const std::string& directory);
int RemoveNamesThatAreNotThere(const std::string& directory);
int SyncFile(const std::string& directory);
// New pages of a file, which become dirty.
int WritePages(const std::string& directory);
// Pages that are there, one after the other.
int LockPages();
// Pages that the kernel itself cannot read (memfd_secret), where it has them.
int TouchSecretPages();
// Blocks of a packed file; some kernels keep pages that hold parts of two.
int ReadPackedPages();

#endif  // EBPF_EXPORTER_TOOLS_VMTEST_GUEST_FILE_LOAD_H_
