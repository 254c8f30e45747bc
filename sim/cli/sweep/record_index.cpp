#include "sim/cli/sweep/record_index.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "models/base/error.hpp"
#include "reports/format.hpp"
#include "reports/sweep/record_json.hpp"
#include "sim/cli/options.hpp"
#include "sim/cli/sweep/record_lines.hpp"

namespace ridgeline::cli {
namespace {

/// Files held open at once; of more shards each is opened for every record.
constexpr std::uint64_t kMostOpen = 256;

[[noreturn]] void fail_file(const std::filesystem::path& path, const std::string& what) {
  fail(reports::printable(path.string()), what);
}

Descriptor open_log(const std::filesystem::path& path) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0 && errno != ENOENT) {
    fail_file(path, "cannot be read: " + std::generic_category().message(errno));
  }
  return file;
}

}  // namespace

RecordIndex::RecordIndex(const SweepFolder& folder, std::uint64_t shards)
    : folder_(folder), shards_(shards), counts_(shards, 0) {
  for (std::uint64_t shard = 0; shard < shards; ++shard) {
    const std::filesystem::path path = folder.log({shard + 1, shards});
    const Descriptor file = open_log(path);
    if (file.get() < 0) continue;
    const std::size_t before = places_.size();
    visit_lines(file.get(), path, [&](const FileLine& line) {
      const std::optional<RecordStart> start = record_start(line.text);
      if (!start || start->point % shards != shard) {
        fail_file(path, fmt::format("line {} is no record of this shard", line.number));
      }
      places_.push_back({start->point, line.offset, static_cast<std::uint32_t>(shard),
                         static_cast<std::uint32_t>(line.text.size())});
    });
    const auto from = places_.begin() + static_cast<std::ptrdiff_t>(before);
    std::stable_sort(from, places_.end(),
                     [](const Place& a, const Place& b) { return a.point < b.point; });
    const auto repeated = [](const Place& a, const Place& b) { return a.point == b.point; };
    places_.erase(std::unique(from, places_.end(), repeated), places_.end());
    counts_[shard] = places_.size() - before;
  }
  std::ranges::sort(places_, {}, &Place::point);
}

PointRecord RecordIndex::read(const SweepHeader& header, const Place& place,
                              std::string& buffer) const {
  const std::filesystem::path path = folder_.log({place.shard + 1, shards_});
  Descriptor own;
  Descriptor& file = shards_ <= kMostOpen ? open_[place.shard] : own;
  if (file.get() < 0) file = open_log(path);
  buffer.resize(place.length);
  const ssize_t got = ::pread(file.get(), buffer.data(), buffer.size(), place.offset);
  if (got != static_cast<ssize_t>(buffer.size())) fail_file(path, "has changed while it was read");
  try {
    return reports::parse_record(header, buffer);
  } catch (const InputError& error) {
    InputProblem problem = error.problem();
    problem.file = reports::printable(path.string());
    problem.place = fmt::format("byte {}, {}", place.offset, problem.place);
    throw InputError(std::move(problem));
  }
}

void RecordIndex::visit(const SweepHeader& header,
                        const std::function<void(const PointRecord&)>& visit) const {
  open_.resize(shards_ <= kMostOpen ? shards_ : 0);
  std::string buffer;
  for (const Place& place : places_) visit(read(header, place, buffer));
}

}  // namespace ridgeline::cli
