// What a page must be while names come and go.

#ifndef EBPF_EXPORTER_TOOLS_VMTEST_GUEST_CHURN_PAGE_H_
#define EBPF_EXPORTER_TOOLS_VMTEST_GUEST_CHURN_PAGE_H_

#include <cstddef>
#include <string>
#include <string_view>

// What was made so far: control groups churn/c1 to churn/cN, and the names was0
// to wasN that an interface had. Of the interface, the name before the page was
// asked for and the one that it had, or was about to have, afterwards.
struct Names {
  int groups = 0;
  int first_name = 0;
  int last_name = 0;
};

struct PageReport {
  std::string wrong{};  // the first lines that cannot be, and why
  size_t series = 0;
  size_t groups = 0;      // lines of churn's control groups
  size_t interfaces = 0;  // lines of the interface that is renamed
};

// A series may be there once only; a control group must be one that was made;
// the interface must go by a name that it had while the page was made.
PageReport CheckPage(std::string_view page, const Names& names);

#endif  // EBPF_EXPORTER_TOOLS_VMTEST_GUEST_CHURN_PAGE_H_
