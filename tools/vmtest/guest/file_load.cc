#include "tools/vmtest/guest/file_load.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

constexpr size_t kBlock = 4096;

}  // namespace

int WriteDirectly(const std::string& directory) {
  constexpr int kTimes = 256;
  const std::string path = directory + "/direct";
  const int fd = open(path.c_str(), O_CREAT | O_RDWR | O_DIRECT, 0600);
  void* block = std::aligned_alloc(kBlock, kBlock);
  std::memset(block, 'x', kBlock);
  int done = 0;
  for (int i = 0; i < kTimes; ++i) {
    const off_t at = i * static_cast<off_t>(kBlock);
    done += pwrite(fd, block, kBlock, at) == kBlock &&
            pread(fd, block, kBlock, at) == kBlock;
  }
  std::free(block);
  close(fd);
  unlink(path.c_str());
  return done;
}

int WriteThroughTheCache(const std::string& directory) {
  constexpr int kTimes = 64;
  const std::string path = directory + "/cached";
  const std::string block(kBlock, 'x');
  int done = 0;
  for (int i = 0; i < kTimes; ++i) {
    const int fd = open(path.c_str(), O_CREAT | O_RDWR, 0600);
    done += write(fd, block.data(), block.size()) == kBlock && fsync(fd) == 0;
    close(fd);
    unlink(path.c_str());
  }
  return done;
}

int UseFile(const std::string& directory) {
  constexpr int kTimes = 100;
  const std::string path = directory + "/used";
  char byte = 'x';
  int done = 0;
  for (int i = 0; i < kTimes; ++i) {
    const int fd = open(path.c_str(), O_CREAT | O_RDWR, 0600);
    done += write(fd, &byte, 1) == 1 && fsync(fd) == 0 &&
            pread(fd, &byte, 1, 0) == 1;
    close(fd);
  }
  unlink(path.c_str());
  return done;
}

int RemoveNamesThatAreNotThere(const std::string& directory) {
  constexpr int kTimes = 500;
  for (int i = 0; i < kTimes; ++i) {
    unlink((directory + "/no_name." + std::to_string(i)).c_str());
  }
  return kTimes;
}

int SyncFile(const std::string& directory) {
  const std::string path = directory + "/dirty";
  const std::string pages(1 << 20, 'x');
  const int fd = open(path.c_str(), O_CREAT | O_WRONLY, 0600);
  const bool done =
      write(fd, pages.data(), pages.size()) > 0 && syncfs(fd) == 0;
  close(fd);
  unlink(path.c_str());
  return done ? 1 : 0;
}

int WritePages(const std::string& directory) {
  constexpr int kTimes = 200;
  const std::string path = directory + "/pages";
  const std::string page(kBlock, 'x');
  const int fd = open(path.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
  int done = 0;
  for (int i = 0; i < kTimes; ++i) {
    done += write(fd, page.data(), page.size()) == kBlock;
  }
  close(fd);
  unlink(path.c_str());
  return done;
}

int LockPages() {
  constexpr size_t kTimes = 300;
  constexpr size_t kSize = kTimes * kBlock;
  void* pages = mmap(nullptr, kSize, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  madvise(pages, kSize, MADV_NOHUGEPAGE);
  std::memset(pages, 'x', kSize);
  const int done = mlock(pages, kSize) == 0 ? kTimes : 0;
  munmap(pages, kSize);
  return done;
}

int TouchSecretPages() {
  constexpr int kTimes = 100;
  constexpr long kMemfdSecret = 447;
  constexpr size_t kSize = kTimes * kBlock;
  const int fd = static_cast<int>(syscall(kMemfdSecret, 0));
  if (fd < 0 || ftruncate(fd, kSize) != 0) return 0;
  void* pages = mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (pages == MAP_FAILED) return 0;
  for (size_t i = 0; i < kTimes; ++i) {
    static_cast<volatile char*>(pages)[i * kBlock] = 1;
  }
  munmap(pages, kSize);
  return kTimes;
}

int ReadPackedPages() {
  constexpr int kTimes = 10;
  constexpr size_t kPackedBlock = 8192;
  std::string block(kPackedBlock, '\0');
  const int fd = open("/packed/file", O_RDONLY);
  int done = 0;
  for (int i = 0; i < kTimes; ++i) {
    done += read(fd, block.data(), block.size()) == kPackedBlock;
  }
  close(fd);
  return done;
}
