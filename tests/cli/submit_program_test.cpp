#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "sim/cli/child_program.hpp"
#include "sim/cli/sweep/submit_script.hpp"
#include "tests/cli/quick_run.hpp"
#include "tests/support/effort.hpp"

namespace ridgeline {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using Words = std::vector<std::string>;

/// A folder's name that shells, sbatch and parallel would all like to read otherwise.
const std::string kHostile = "it's \"a\" $HOME `id` %A_%a {} {#} \\n\n*; #x";

/// Six points, in a folder that has programs of its own, found first.
class SweepPlace {
 public:
  SweepPlace() {
    scratch_.put("spec.json",
                 R"({"schema": "ridgeline.sweep/1", "arch": "./here.json",
                     "networks": [")" +
                     kQuickNetwork + R"("],
                     "axes": [{"set": {"arch.pe_array.rows": [4, 8, 16]}},
                              {"set": {"arch.dram.bytes_per_cycle": [4, 8]}}]})");
    scratch_.put("here.json", R"({"base": "squeezelerator_8x8"})");
    fs::create_directory(scratch_.path() / "bin");
  }

  [[nodiscard]] const fs::path& path() const { return scratch_.path(); }
  [[nodiscard]] std::string file(const std::string& name) const {
    return bytes_of_file(path() / name);
  }
  void put_program(const std::string& name, const std::string& body) const {
    scratch_.put("bin/" + name, "#!/bin/bash\n" + body);
    fs::permissions(path() / "bin" / name, fs::perms::owner_all);
  }
  [[nodiscard]] Finished sweep(Words words) const {
    words.insert(words.begin(), "sweep");
    return run_program_in(path(), std::move(words));
  }
  [[nodiscard]] Finished submit(const std::string& folder, const std::string& engine,
                                Words more = {}) const {
    more.insert(more.begin(),
                {"submit", "spec.json", "--out", folder, "--engine", engine, "--shards", "3"});
    return sweep(std::move(more));
  }
  /// Lines of the records of all shards, sorted.
  [[nodiscard]] Words records(const std::string& folder) const {
    Words lines;
    for (const auto& entry : fs::directory_iterator(path() / folder / "results")) {
      std::ifstream file(entry.path());
      if (entry.path().extension() != ".jsonl") continue;
      for (std::string line; std::getline(file, line);) lines.push_back(line);
    }
    std::ranges::sort(lines);
    return lines;
  }

 private:
  ScratchFolder scratch_;
  std::string search_ = (path() / "bin").string() + ":" + std::getenv("PATH");
  EnvironmentVariable variable_{"PATH", search_.c_str()};
};

/// An sbatch that writes its words down and runs the tasks of --array at once; a squeue that prints
/// what the file `queue` holds.
void put_fake_slurm(const SweepPlace& place) {
  const std::string folder = cli::shell_quoted(place.path().string());
  place.put_program("sbatch", "cd " + folder + R"(
    printf '%s\n' "$@" >words
    list=${2#--array=}
    for part in ${list//,/ }; do
      for task in $(seq "${part%-*}" "${part#*-}"); do
        (unset PWD; cd /; SLURM_ARRAY_JOB_ID=7 SLURM_ARRAY_TASK_ID=$task bash "${@: -1}") 2>>log || exit
      done
    done
    echo '7;here'
  )");
  place.put_program("squeue", "cat " + folder + "/queue\n");
}

/// Every point is there once, as one process has it.
void check_complete(const SweepPlace& place, const std::string& folder) {
  const Finished merged = place.sweep({"merge", folder});
  INFO(merged.err);
  CHECK(merged.code == 0);
  REQUIRE(place.sweep({"spec.json", "--out", "one process", "--resume"}).code == 0);
  CHECK(place.records(folder).size() == 6);
  CHECK(place.records(folder) == place.records("one process"));
}

}  // namespace

TEST_CASE("A quoted text is one word of a shell", "[submit]") {
  const Words texts{"plain/path-1.json", "",       " ",      "'", "''", "\\",
                    "\"$(id)\"\n",       kHostile, "a'b\\'c"};
  std::string command = "printf '%s|'";
  for (const std::string& text : texts) command += " " + cli::shell_quoted(text);
  std::string expected;
  for (const std::string& text : texts) expected += text + "|";
  CHECK(cli::output_of({"sh", "-c", command})->text == expected);
  CHECK(cli::shell_quoted("/plain/path-1.json") == "/plain/path-1.json");
}

TEST_CASE("Shards are listed as sbatch takes them", "[submit]") {
  using Shards = std::vector<std::uint64_t>;
  CHECK(cli::array_list(Shards{}).empty());
  CHECK(cli::array_list(Shards{3}) == "3");
  CHECK(cli::array_list(Shards{3, 4}) == "3,4");
  CHECK(cli::array_list(Shards{3, 4, 5}) == "3-5");
  CHECK(cli::array_list(Shards{1, 3, 4, 7, 8, 9, 10, 12}) == "1,3,4,7-10,12");
}

TEST_CASE("A sweep is cut into shards of the time asked for", "[submit]") {
  // A million points of 8 ms are 8000 s.
  CHECK(cli::default_shards(1'000'000, 0.008, 1, 1200) == 7);
  CHECK(cli::default_shards(1'000'000, 0.008, 4, 1200) == 2);
  CHECK(cli::default_shards(100, 0.008, 1, 1200) == 1);
  CHECK(cli::default_shards(100, 0.008, 1, 1200, 8) == 8);
  CHECK(cli::default_shards(3, 0.008, 1, 1200, 8) == 3);  // none without a point
  CHECK(cli::default_shards(1'000'000'000, 1, 1, 1200) == 1000);
  CHECK(cli::default_shards(1'000'000'000, 0, 1, 1200) == 1);
}

TEST_CASE("A shard is named by its number, or by Slurm's task", "[submit]") {
  if (testing::kSanitized) return;  // each process takes half a second
  const SweepPlace place;
  const auto run = [&](const std::string& shard) {
    return place.sweep({"spec.json", "--out", "d", "--resume", "--shard", shard});
  };
  for (const char* wrong : {"0/4", "5/4", "1", "-1/4", "1/4/4", "1/100001"}) {
    check_refused(run(wrong), "--shard: ");
  }
  check_refused(run("slurm/4"), "no task of an array job");
  CHECK_THAT(run("3/4").err, Contains("shard 3 of 4: 1 points"));
  const EnvironmentVariable task("SLURM_ARRAY_TASK_ID", "2");
  CHECK_THAT(run("slurm/4").err, Contains("shard 2 of 4: 2 points"));
  CHECK_THAT(run("1/4").err, Contains("shard 1 of 4: 2 points"));
  check_refused(run("slurm/1"), "'2' is no shard of 1; allowed: 1 to 1");
}

TEST_CASE("Slurm's script runs from anywhere whatever the folder's name", "[submit]") {
  const SweepPlace place;
  put_fake_slurm(place);
  const Finished submitted = place.submit(kHostile, "slurm", {"--slurm-option=--partition=short"});
  INFO(submitted.err << place.file("log"));
  REQUIRE(submitted.code == 0);
  CHECK_THAT(submitted.out, Contains("Slurm job 7: shards 1-3"));
  const std::string script = (place.path() / kHostile / "submit-slurm.sh").string();
  CHECK(place.file("words") == "--parsable\n--array=1-3\n" + script + "\n");
  const std::string text = bytes_of_file(script);
  CHECK_THAT(text,
             Contains("\n#SBATCH --partition=short\n") && Contains("\n#SBATCH --array=1-3\n"));
  // sbatch reads options up to the first line that is none: the shell's part begins there.
  CHECK(text.rfind("#SBATCH") < text.find("\nset -euo pipefail\n"));
  check_complete(place, kHostile);
  CHECK_THAT(place.sweep({"submit", kHostile}).out, Contains("all 3 shards are complete"));
}

TEST_CASE("Only what is missing and in no queue is submitted again", "[submit]") {
  if (testing::kSanitized) return;  // each process takes half a second
  const SweepPlace place;
  put_fake_slurm(place);
  const Finished dry = place.submit("d", "slurm", {"--dry-run"});
  INFO(dry.err);
  CHECK(dry.code == 0);
  CHECK_THAT(dry.out, Contains("sbatch --array=1-3 "));
  CHECK_FALSE(fs::exists(place.path() / "words"));
  const std::string edited = place.file("d/submit-slurm.sh") + "# edited\n";
  std::ofstream(place.path() / "d/submit-slurm.sh") << edited;
  std::ofstream(place.path() / "queue") << "2\n";
  CHECK(place.sweep({"submit", "d"}).code == 0);
  CHECK_THAT(place.file("words"), Contains("\n--array=1,3\n"));
  const Finished queued = place.sweep({"submit", "d"});
  CHECK_THAT(queued.out, Contains("shards 2 are in Slurm's queue already"));
  std::ofstream(place.path() / "queue") << "";
  const Finished merged = place.sweep({"merge", "d"});
  CHECK(merged.code == 1);
  CHECK(merged.out == "--array=2\n");
  CHECK_THAT(merged.err, Contains("`ridgeline sweep submit d`"));
  CHECK(place.sweep({"submit", "d"}).code == 0);
  CHECK_THAT(place.file("words"), Contains("\n--array=2\n"));
  CHECK(place.file("d/submit-slurm.sh") == edited);
  check_complete(place, "d");
}

TEST_CASE("Shards run side by side without any tool", "[submit]") {
  if (testing::kSanitized) return;  // it is the script that is tried
  const SweepPlace place;
  const Finished submitted = place.submit(kHostile, "local");
  INFO(submitted.err);
  CHECK(submitted.code == 0);
  CHECK_THAT(submitted.err, Contains("shard 3 of 3: 2 points, 0 failed"));
  check_complete(place, kHostile);
  fs::remove(place.path() / kHostile / "results/shard-2-of-3.jsonl");
  const Finished again = place.sweep({"submit", kHostile});
  CHECK_THAT(again.out, Contains("1 of 3 shards run now"));
  CHECK_THAT(again.err, Contains("shard 2 of 3: 2 points") && !Contains("shard 1 of 3"));
  check_complete(place, kHostile);
}

TEST_CASE("Shards run by GNU parallel, here and over ssh", "[submit]") {
  if (testing::kSanitized) return;
  const auto version = cli::output_of({"parallel", "--version"});
  if (!version || !version->text.starts_with("GNU parallel")) {
    WARN("skipped: GNU parallel is not installed");
    return;
  }
  const SweepPlace place;
  const Finished submitted = place.submit(kHostile, "parallel");
  INFO(submitted.err);
  CHECK(submitted.code == 0);
  check_complete(place, kHostile);
  fs::remove_all(place.path() / kHostile / "results/shard-2-of-3.jsonl");
  // What ssh does with its words, in an environment that has nothing of ours.
  place.put_program("ssh-to",
                    "shift; [ \"$1\" != -- ] || shift\necho one >>" +
                        cli::shell_quoted((place.path() / "logins").string()) +
                        "\nexec env -i PATH=/usr/bin:/bin SHELL=/bin/bash sh -c \"$*\"\n");
  std::ofstream(place.path() / "hosts")
      << "1/" << (place.path() / "bin/ssh-to").string() << " far\n";
  const Finished far = place.sweep({"submit", kHostile, "--hosts", "hosts"});
  INFO(far.err);
  CHECK(far.code == 0);
  CHECK(place.file("logins").starts_with("one\n"));
  check_complete(place, kHostile);
}

TEST_CASE("Without the engine's tool its script is left and named", "[submit]") {
  const SweepPlace place;
  const EnvironmentVariable path("PATH", "/nowhere");
  const Finished submitted = place.submit("s", "slurm");
  CHECK(submitted.code == 2);
  CHECK_THAT(submitted.err, Contains("slurm needs sbatch"));
  CHECK_THAT(place.sweep({"submit", "s"}).err,
             Contains("(Debian: slurm-client)") && Contains("s/submit-slurm.sh"));
  CHECK(fs::exists(place.path() / "s/submit-slurm.sh"));
  CHECK_THAT(place.submit("p", "parallel").err,
             Contains("(Debian: parallel)") && Contains("p/submit-parallel.sh"));
}

TEST_CASE("What cannot be submitted is refused", "[submit]") {
  const SweepPlace place;
  REQUIRE(place.submit("d", "local", {"--dry-run"}).code == 0);
  check_refused(place.sweep({"submit"}), "SPEC.json is missing");
  check_refused(place.sweep({"submit", "spec.json", "--out", "new"}), "slurm, parallel, local");
  check_refused(place.sweep({"submit", "d", "--engine", "slrum"}), "did you mean 'slurm'");
  check_refused(place.sweep({"submit", "d", "--shards", "4"}),
                "holds this sweep in 3 shards, not 4");
  check_refused(place.sweep({"submit", "d", "--hosts", "spec.json"}),
                "does not go with --engine local");
  check_refused(place.sweep({"submit", "d", "--slurm-option=--mem=1G"}),
                "does not go with --engine local");
  check_refused(place.sweep({"submit", "d", "--engine", "slurm", "--slurm-option=mem"}),
                "is no option of sbatch");
  check_refused(place.sweep({"submit", "d", "--engine", "slurm", "--slurm-option=--mem\n1"}),
                "is no option of sbatch");
  check_refused(place.sweep({"submit", "bin"}), "is no folder of a sweep");
  check_refused(place.sweep({"submit", "d", "--shard", "1/3"}), "does not go with submit");
  check_refused(place.sweep({"d", "--dry-run"}), "goes with sweep submit only");
  check_refused(place.sweep({"d", "--out", "e"}),
                "does not go with a folder in place of SPEC.json");
  check_refused(place.sweep({"d"}), "holds this sweep in 3 shards, not 1");
}

}  // namespace ridgeline
