#include "cmd/exporter/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "bpf/loader/capture_map.h"
#include "bpf/loader/file_descriptor.h"
#include "bpf/loader/map_reader.h"
#include "cmd/exporter/live_config.h"
#include "cmd/exporter/recording_names.h"
#include "core/decode/decoders.h"
#include "core/dump/capture_writer.h"
#include "core/dump/split_by_cpu.h"
#include "core/dump/zstd_sink.h"

namespace ebpf_exporter {
namespace {

using Writer = CaptureWriter<ZstdSink<BodyWriter>>;

// A map, and the tables whose labels are names of what its keys hold.
struct MapSource {
  const std::string& config;
  const LoadedMap& map;
  std::vector<const LiveConfig::Metric*> named;
};

MapSource MakeMapSource(const LiveConfig& config, const LiveConfig::Map& map,
                        const LoadedMap& loaded) {
  MapSource source{config.name(), loaded, {}};
  for (const size_t i : map.metrics) {
    const LiveConfig::Metric& metric = config.metrics()[i];
    const auto used = [&metric](std::string_view decoder) {
      return metric.table->renderer().Uses(decoder);
    };
    if (std::any_of(kDecodersOfNames.begin(), kDecodersOfNames.end(), used)) {
      source.named.push_back(&metric);
    }
  }
  return source;
}

std::vector<MapSource> SourcesOf(const LiveConfigs& configs) {
  std::vector<MapSource> sources;
  for (const std::unique_ptr<LiveConfig>& config : configs) {
    for (const LiveConfig::Map& map : config->maps()) {
      // Events are gone once they are counted: a capture is of maps.
      if (!std::holds_alternative<MapReader>(map.source)) continue;
      for (const LoadedMap& loaded : config->loaded().maps) {
        if (loaded.shape.name != map.shape.name) continue;
        sources.push_back(MakeMapSource(*config, map, loaded));
      }
    }
  }
  return sources;
}

// Renders the labels of entries, for the names that are asked for on the way.
void AskForNames(const MapSource& source, const EntryBatch& read) {
  std::string text;
  for (const LiveConfig::Metric* metric : source.named) {
    std::optional<CpuSplitter> splitter(metric->cpu);
    SplitOrPass(splitter, read, [&](const EntryBatch& batch) {
      for (size_t i = 0; i < batch.count; ++i) {
        text.clear();
        metric->table->renderer().Render(
            {reinterpret_cast<const char*>(batch.key(i)), batch.key_size},
            text);
      }
    });
  }
}

void WriteNames(const std::vector<MapSource>& sources, NameRecording& recording,
                Writer& writer) {
  for (const MapSource& source : sources) {
    if (source.named.empty()) continue;
    absl::StatusOr<MapReader> reader =
        MapReader::Make(source.map.fd, source.map.shape);
    if (!reader.ok()) continue;  // it is said where entries are written
    reader
        ->Walk(
            [&source](const EntryBatch& batch) { AskForNames(source, batch); })
        .IgnoreError();
  }
  recording.WriteTo(writer);
}

absl::Status WriteEntries(const MapSource& source, NameRecording& recording,
                          Writer& writer) {
  writer.BeginMap(DescribeMap(source.map.fd, source.map.shape, source.config));
  return CaptureEntries(source.map.fd, source.map.shape, writer,
                        [&](const EntryBatch& batch) {
                          AskForNames(source, batch);
                          recording.WriteTo(writer);
                        });
}

class FileWriter final : public BodyWriter {
 public:
  explicit FileWriter(int fd) : fd_(fd) {}

  bool Write(std::string_view chunk) override {
    while (!chunk.empty()) {
      const ssize_t count = write(fd_, chunk.data(), chunk.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) {
        error_ = errno;
        return false;
      }
      chunk.remove_prefix(static_cast<size_t>(count));
    }
    return true;
  }

  // Of the write that failed.
  int error() const { return error_; }

 private:
  const int fd_;
  int error_ = 0;
};

absl::Status FileError(int error, std::string_view what,
                       const std::string& path) {
  return absl::ErrnoToStatus(error, absl::StrCat(what, " ", path));
}

}  // namespace

absl::Status WriteCapture(const LiveConfigs& configs, BodyWriter& out) {
  const absl::StatusOr<DumpOrigin> origin = ThisHost();
  if (!origin.ok()) return origin.status();
  ZstdSink packed(&out);
  Writer writer(&packed, *origin);
  NameRecording recording;
  const std::vector<MapSource> sources = SourcesOf(configs);
  WriteNames(sources, recording, writer);
  absl::Status status;
  for (const MapSource& source : sources) {
    status.Update(WriteEntries(source, recording, writer));
    if (!writer.ok()) break;
  }
  writer.Finish();
  if (!writer.ok() || !packed.Finish()) {
    return absl::AbortedError("what takes the capture gave up");
  }
  return status;
}

std::string CaptureName(int64_t seconds) {
  return absl::StrCat(
      "ebpf_exporter-",
      absl::FormatTime("%Y%m%dT%H%M%SZ", absl::FromUnixSeconds(seconds),
                       absl::UTCTimeZone()),
      ".capture.zst");
}

absl::Status CheckCaptureDirectory(const std::string& directory) {
  struct stat info = {};
  if (stat(directory.c_str(), &info) != 0) {
    return FileError(errno, "--capture: make this directory first:", directory);
  }
  if (!S_ISDIR(info.st_mode)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--capture: ", directory,
        " is not a directory; the capture's own name is after the time"));
  }
  if (access(directory.c_str(), W_OK | X_OK) != 0) {
    return FileError(errno, "--capture: no file can be made in", directory);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> SaveCapture(const LiveConfigs& configs,
                                        const std::string& directory) {
  const std::string path =
      absl::StrCat(directory, "/", CaptureName(std::time(nullptr)));
  const std::string part = path + ".part";
  const FileDescriptor file(
      open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.valid()) return FileError(errno, "cannot make", part);
  FileWriter writer(file.get());
  const absl::Status status = WriteCapture(configs, writer);
  if (absl::IsAborted(status)) {
    unlink(part.c_str());
    return FileError(writer.error(), "cannot write to", part);
  }
  if (fsync(file.get()) != 0 || rename(part.c_str(), path.c_str()) != 0) {
    return FileError(errno, "cannot finish", part);
  }
  if (!status.ok()) return status;
  return path;
}

}  // namespace ebpf_exporter
