#include "sim/cli/sweep/point_log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "reports/format.hpp"
#include "sim/cli/options.hpp"
#include "sim/cli/sweep/record_lines.hpp"

namespace ridgeline::cli {
namespace {

[[noreturn]] void fail_log(const std::filesystem::path& path, const std::string& what,
                           const std::string& allowed = "") {
  fail(reports::printable(path.string()), what, allowed);
}

std::string reason(int error) {
  return std::generic_category().message(error);
}

}  // namespace

PointLog::PointLog(std::filesystem::path path)
    : path_(std::move(path)),
      file_(::open(path_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0666)) {
  if (file_.get() < 0) fail_log(path_, "cannot be written: " + reason(errno));
  // File systems that know no locks (ENOLCK, EOPNOTSUPP) leave it to the user.
  if (::flock(file_.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    fail_log(path_, "another process is writing to it", "wait for it, or stop it");
  }
  read_done();
}

void PointLog::read_done() {
  size_ = visit_lines(file_.get(), path_, [&](const FileLine& line) {
    const std::optional<RecordStart> start = record_start(line.text);
    if (!start) fail_log(path_, fmt::format("line {} is no record of a sweep", line.number));
    done_.push_back(start->point);
    failed_ += start->failed ? 1 : 0;
  });
  std::ranges::sort(done_);
  done_.erase(std::unique(done_.begin(), done_.end()), done_.end());
  if (::ftruncate(file_.get(), size_) != 0) {
    fail_log(path_, "its torn last line cannot be taken off: " + reason(errno));
  }
}

void PointLog::append(std::string_view line) {
  const int error = write_all(file_.get(), line);
  if (error != 0) {
    // If this fails as well, the next who opens the file does it.
    if (::ftruncate(file_.get(), size_) != 0) { /* nothing more can be done */
    }
    fail_log(path_, "cannot be written: " + reason(error));
  }
  size_ += static_cast<std::int64_t>(line.size());
}

void PointLog::sync() {
  if (::fdatasync(file_.get()) != 0 && errno != EINVAL) {
    fail_log(path_, "cannot be written: " + reason(errno));
  }
}

}  // namespace ridgeline::cli
