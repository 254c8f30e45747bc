#include <sys/mount.h>

#include <catch2/catch.hpp>

#include "tests/cli/program_runner.hpp"

namespace ridgeline {
namespace {

using Catch::Matchers::Contains;
using Words = std::vector<std::string>;

Words run_words() {
  return {"run",   "--arch",  "squeezelerator_16x16", "--network", "squeezenet_v1.1", "--no-data",
          "--out", "disk/out"};
}

/// A small file system in memory, mounted while this lives; needs the rights to mount.
class SmallDisk {
 public:
  explicit SmallDisk(const std::filesystem::path& folder) : folder_(folder) {
    std::filesystem::create_directory(folder_);
    mounted_ = ::mount("tmpfs", folder_.c_str(), "tmpfs", 0, "size=16k") == 0;
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() {
    if (mounted_) ::umount(folder_.c_str());
  }
  [[nodiscard]] bool mounted() const { return mounted_; }

 private:
  std::filesystem::path folder_;
  bool mounted_ = false;
};

TEST_CASE("A full disk leaves no report behind") {
  const ScratchFolder scratch;
  const SmallDisk disk(scratch.path() / "disk");
  if (!disk.mounted()) {
    WARN("skipped: no rights to mount a small file system");
    return;
  }
  const Finished finished = run_program_in(scratch.path(), run_words());
  CHECK(finished.code == 2);
  CHECK_THAT(finished.err, Contains("disk/out/squeezenet_v1.1@squeezelerator_16x16.") &&
                               Contains("cannot be written: No space left on device"));
  CHECK(finished.out.empty());
  CHECK(names_below(scratch.path()) == Words{"disk", "disk/out"});
}

TEST_CASE("A file over the size limit leaves no report behind") {
  const ScratchFolder scratch;
  std::filesystem::create_directory(scratch.path() / "disk");
  const Finished finished = run_program_in(scratch.path(), run_words(), {.largest_file = 16384});
  CHECK(finished.code == 2);
  CHECK_THAT(finished.err, Contains("cannot be written: File too large"));
  CHECK(names_below(scratch.path()) == Words{"disk", "disk/out"});
}

TEST_CASE("A later network that fails leaves the reports of the earlier ones whole") {
  const ScratchFolder scratch;
  std::filesystem::create_directories(scratch.path() /
                                      "disk/out/squeezenet_v1.0@squeezelerator_16x16.json");
  Words words = run_words();
  words.insert(words.end(), {"--network", "squeezenet_v1.0"});
  const Finished finished = run_program_in(scratch.path(), words);
  CHECK(finished.code == 2);
  CHECK_THAT(finished.err, Contains("squeezenet_v1.0@squeezelerator_16x16.json: cannot be written: "
                                    "Is a directory"));
  CHECK(names_below(scratch.path()) == Words{"disk", "disk/out",
                                             "disk/out/squeezenet_v1.0@squeezelerator_16x16.json",
                                             "disk/out/squeezenet_v1.1@squeezelerator_16x16.csv",
                                             "disk/out/squeezenet_v1.1@squeezelerator_16x16.html",
                                             "disk/out/squeezenet_v1.1@squeezelerator_16x16.json",
                                             "disk/out/squeezenet_v1.1@squeezelerator_16x16.md",
                                             "disk/out/squeezenet_v1.1@squeezelerator_16x16.txt"});
}

}  // namespace
}  // namespace ridgeline
