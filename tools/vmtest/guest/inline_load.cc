// A known load for the programs of testdata/inline: inline_load DIRECTORY...
//
// Like load.cc, with less of everything. The first configuration counts page
// cache operations of two commands alone, so what causes these is called as one
// of them.

#include <sys/prctl.h>

#include <cstdio>
#include <string>

#include "tools/vmtest/guest/file_load.h"
#include "tools/vmtest/guest/say.h"
#include "tools/vmtest/guest/task_load.h"
#include "tools/vmtest/guest/traffic_load.h"

namespace {

// The main thread's name is its process's.
void CallMyself(const char* name) { prctl(PR_SET_NAME, name); }

void UsePageCache(const std::string& directory) {
  CallMyself("syslog-ng");
  Say("new_page " + directory, WritePages(directory));
  Say("locked_page", LockPages());
  Say("secret_page", TouchSecretPages());
  Say("packed_page", ReadPackedPages());
  CallMyself("inline_load");
}

}  // namespace

int main(int argc, char** argv) {
  Say("getppid", CallGetppid());
  Say("sleep", Sleep());
  Say("tcp_connect", ConnectTcp());
  Say("address_in_use", AskForAddressesInUse());
  Say("socket_filter", AttachFilters());
  Say("oom_kill", RunOutOfMemory());
  for (int i = 1; i < argc; ++i) {
    UsePageCache(argv[i]);
    Say(std::string("direct_write ") + argv[i], WriteDirectly(argv[i]));
    Say(std::string("use_file ") + argv[i], UseFile(argv[i]));
    Say(std::string("no_name ") + argv[i], RemoveNamesThatAreNotThere(argv[i]));
    Say(std::string("memory_limit ") + argv[i], WriteMoreThanMemory(argv[i]));
  }
  Say("drop_caches", DropCaches());
}
