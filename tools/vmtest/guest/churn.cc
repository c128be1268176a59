// Names that come and go while an exporter is scraped:
//
//   churn SECONDS GROUPS PORT PID DIRECTORY [MODULE]
//
// All the time processes are forked, control groups are made, used and removed,
// an interface is renamed, a module is unloaded and loaded again. The exporter
// at that port, with that process id, is scraped each second, for SECONDS and
// until there were so many GROUPS. Leaves in DIRECTORY the curve (seconds,
// resident kB, series, groups so far, names so far), what was wrong, and the
// last page. Exits 1 if anything was, or if churn itself did not happen.

#include <arpa/inet.h>
#include <net/if.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>

#include "tools/vmtest/guest/churn_page.h"
#include "tools/vmtest/guest/churn_storms.h"

namespace {

constexpr const char* kGroups = "/sys/fs/cgroup/churn";

// The whole reply to a request; empty if there is none.
std::string Get(int port, const std::string& path) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to = {};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<uint16_t>(port));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string reply;
  const std::string request = "GET " + path + " HTTP/1.0\r\n\r\n";
  if (connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof(to)) == 0 &&
      write(fd, request.data(), request.size()) > 0) {
    char buffer[1 << 16];
    for (ssize_t got; (got = read(fd, buffer, sizeof(buffer))) > 0;) {
      reply.append(buffer, static_cast<size_t>(got));
    }
  }
  close(fd);
  return reply;
}

int ResidentKb(const std::string& pid) {
  std::ifstream status("/proc/" + pid + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::atoi(line.c_str() + 6);
  }
  return 0;
}

// What all pages together were.
struct Seen {
  size_t pages = 0;
  size_t groups = 0;
  size_t interfaces = 0;
  std::string wrong{};
};

// A scrape, and what is wrong with it.
std::string Scrape(int port, const ChurnStorms& storms, Seen& seen,
                   size_t& series) {
  Names names;
  names.first_name = storms.name();
  std::string reply = Get(port, "/metrics");
  names.last_name = storms.next_name();
  names.groups = storms.groups();
  const size_t head = reply.find("\r\n\r\n");
  if (!reply.starts_with("HTTP/1.1 200") || head == std::string::npos) {
    seen.wrong += "no page: " + reply.substr(0, 100) + "\n";
    return {};
  }
  reply.erase(0, head + 4);
  const PageReport report = CheckPage(reply, names);
  seen.wrong += report.wrong;
  ++seen.pages;
  seen.groups += report.groups;
  seen.interfaces += report.interfaces;
  series = report.series;
  return reply;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) return 2;
  const int seconds = std::atoi(argv[1]);
  const int groups = std::atoi(argv[2]);
  const int port = std::atoi(argv[3]);
  const std::string pid = argv[4];
  const std::string directory = argv[5];
  mkdir(kGroups, 0755);
  Seen seen;
  std::ofstream curve(directory + "/curve");
  std::string page;
  const auto begin = std::chrono::steady_clock::now();
  const auto passed = [&] {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::steady_clock::now() - begin)
        .count();
  };
  {
    ChurnStorms storms(kGroups, static_cast<int>(if_nametoindex("was0")),
                       argc > 6 ? argv[6] : "");
    while (ResidentKb(pid) > 0 &&
           (passed() < seconds || storms.groups_removed() < groups)) {
      size_t series = 0;
      page = Scrape(port, storms, seen, series);
      curve << passed() << '\t' << ResidentKb(pid) << '\t' << series << '\t'
            << storms.groups_removed() << '\t' << storms.name() << std::endl;
      std::this_thread::sleep_for(std::chrono::seconds(1));
    }
    std::printf("%zu pages, %d groups, %d names, %d forks, %d modules\n",
                seen.pages, storms.groups_removed(), storms.name(),
                storms.forks(), storms.modules());
    if (storms.groups_removed() < groups) seen.wrong += "too few groups\n";
  }
  if (seen.groups == 0) seen.wrong += "no control group was ever served\n";
  if (seen.interfaces == 0) seen.wrong += "no interface was ever served\n";
  if (ResidentKb(pid) == 0) seen.wrong += "the exporter is gone\n";
  std::ofstream(directory + "/last_page") << page;
  if (seen.wrong.empty()) return 0;
  std::ofstream(directory + "/wrong") << seen.wrong;
  return 1;
}
