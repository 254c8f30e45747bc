#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <deque>
#include <optional>
#include <system_error>
#include <vector>

#include "reports/sweep/record_json.hpp"
#include "sim/cli/descriptor.hpp"
#include "sim/cli/options.hpp"
#include "sim/cli/sweep/point_evaluator.hpp"
#include "sim/cli/sweep/run_points.hpp"
#include "sim/cli/sweep/stop_flag.hpp"

namespace ridgeline::cli {
namespace {

/// What goes to a worker, and, before a line, back from it.
struct Message {
  std::uint64_t number = 0;  ///< candidate; or length of the line
  std::uint64_t failed = 0;
};

/// @return whether the whole message came
bool read_exactly(int file, void* into, std::size_t size) {
  auto* at = static_cast<char*>(into);
  while (size > 0) {
    const ssize_t got = ::read(file, at, size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    at += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

std::string_view bytes_of(const Message& message) {
  return {reinterpret_cast<const char*>(&message), sizeof message};
}

/// The life of a worker: candidates in, lines out, until nobody asks any more.
[[noreturn]] void serve(int socket, const PointRun& run, PointWalker walker) {
  // It is the parent who decides when to stop; both hear of Ctrl-C.
  ::signal(SIGINT, SIG_IGN);
  ::signal(SIGTERM, SIG_IGN);
  PointEvaluator evaluator(run.spec.analytic, run.spec.layers);
  Message message;
  while (read_exactly(socket, &message, sizeof message)) {
    (void)walker.go_to(message.number);
    const PointRecord record = evaluator.evaluate(message.number, walker, run.spec);
    const std::string line = reports::to_json_line(run.header, record);
    const Message answer{line.size(), record.result ? 0U : 1U};
    if (write_all(socket, bytes_of(answer)) != 0 || write_all(socket, line) != 0) break;
  }
  // Not exit(): what the parent was about to print or remove is not ours.
  ::_exit(0);
}

/// A worker as its parent sees it.
class Worker {
 public:
  Worker(const PointRun& run, const PointWalker& walker, std::span<const Worker> others) {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) fail_making();
    socket_ = Descriptor(ends[0]);
    Descriptor theirs(ends[1]);
    process_ = ::fork();
    if (process_ < 0) fail_making();
    if (process_ == 0) {
      // Else a worker would keep the sockets of its elders open, who would not see their end.
      for (const Worker& other : others) ::close(other.socket_.get());
      socket_.close();
      serve(theirs.get(), run, walker);
    }
  }
  Worker(Worker&& other) noexcept
      : socket_(std::move(other.socket_)),
        process_(std::exchange(other.process_, -1)),
        candidate_(other.candidate_) {}
  Worker& operator=(Worker&& other) noexcept {
    std::swap(socket_, other.socket_);
    std::swap(process_, other.process_);
    candidate_ = other.candidate_;
    return *this;
  }
  ~Worker() {
    if (process_ > 0) (void)end();
  }

  void ask(std::uint64_t candidate) {
    candidate_ = candidate;
    // If it is dead already its answer will tell.
    (void)write_all(socket_.get(), bytes_of({candidate, 0}));
  }
  void rest() { candidate_.reset(); }
  /// The answer to the question; nothing if the worker died of it.
  [[nodiscard]] std::optional<std::pair<std::string, bool>> answer() const {
    Message message;
    if (!read_exactly(socket_.get(), &message, sizeof message)) return std::nullopt;
    std::string line(message.number, '\0');
    if (!read_exactly(socket_.get(), line.data(), line.size())) return std::nullopt;
    return std::pair{std::move(line), message.failed != 0};
  }
  /// Waits for its end and says what that was.
  std::string end() {
    socket_.close();
    int status = 0;
    while (::waitpid(std::exchange(process_, -1), &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(status)) {
      return fmt::format("the process that simulated it ended with signal {} ({})",
                         WTERMSIG(status), ::strsignal(WTERMSIG(status)));
    }
    return fmt::format("the process that simulated it ended with {}", WEXITSTATUS(status));
  }
  [[nodiscard]] int socket() const { return socket_.get(); }
  [[nodiscard]] std::optional<std::uint64_t> candidate() const { return candidate_; }

 private:
  [[noreturn]] static void fail_making() {
    fail("sweep", "no process can be made: " + std::generic_category().message(errno));
  }

  Descriptor socket_;
  pid_t process_ = -1;
  std::optional<std::uint64_t> candidate_;  ///< that it is at
};

/// Gives candidates to workers and takes their records.
class Team {
 public:
  Team(const PointRun& run, const RecordSink& sink) : run_(run), sink_(sink), walker_(run.spec) {}

  void work() {
    workers_.reserve(run_.jobs);
    for (unsigned i = 0; i < run_.jobs; ++i) {
      const std::optional<std::uint64_t> candidate = next();
      if (!candidate) break;
      workers_.emplace_back(run_, walker_, workers_);
      workers_.back().ask(*candidate);
    }
    while (
        std::ranges::any_of(workers_, [](const Worker& w) { return w.candidate().has_value(); })) {
      take_answers();
    }
  }

 private:
  std::optional<std::uint64_t> next() {
    while (!StopFlag::raised()) {
      const std::uint64_t candidate = run_.shard.first() + next_++ * run_.shard.count;
      if (candidate >= run_.size.candidates) break;
      if (std::ranges::binary_search(run_.done, candidate)) continue;
      if (walker_.go_to(candidate)) return candidate;
    }
    return std::nullopt;
  }

  void take_answers() {
    std::vector<pollfd> waits;
    for (const Worker& worker : workers_) {
      waits.push_back(
          {.fd = worker.candidate() ? worker.socket() : -1, .events = POLLIN, .revents = 0});
    }
    if (::poll(waits.data(), waits.size(), -1) < 0) return;  // a signal
    for (std::size_t i = 0; i < workers_.size(); ++i) {
      if (waits[i].revents != 0) take_answer(workers_[i]);
    }
  }

  void take_answer(Worker& worker) {
    if (const auto answer = worker.answer()) {
      sink_(answer->first, answer->second);
    } else {
      const std::uint64_t lost = *worker.candidate();
      const PointRecord record = lost_record(lost, worker.end());
      worker = Worker(run_, walker_, workers_);
      sink_(reports::to_json_line(run_.header, record), true);
    }
    worker.rest();
    if (const std::optional<std::uint64_t> candidate = next()) worker.ask(*candidate);
  }

  [[nodiscard]] PointRecord lost_record(std::uint64_t candidate, std::string why) const {
    PointWalker walker = walker_;
    (void)walker.go_to(candidate);
    PointRecord record = record_of(candidate, walker, run_.spec);
    record.failed = std::move(why);
    return record;
  }

  const PointRun& run_;
  const RecordSink& sink_;
  PointWalker walker_;
  std::vector<Worker> workers_;
  std::uint64_t next_ = 0;
};

}  // namespace

void run_in_processes(const PointRun& run, const RecordSink& sink) {
  Team(run, sink).work();
}

}  // namespace ridgeline::cli
