#include "sim/cli/output.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "models/base/error.hpp"
#include "tests/cli/program_runner.hpp"

namespace ridgeline::cli {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using Names = std::vector<std::string>;

void write(std::vector<OutputFile> files) {
  write_files(files);
}

TEST_CASE("Files take their names when all are complete, and replace older ones") {
  const ScratchFolder scratch;
  scratch.put("a", "old");
  write({{scratch.path() / "a", "new"}, {scratch.path() / "b", std::string(100000, 'x')}});
  CHECK(bytes_of_file(scratch.path() / "a") == "new");
  CHECK(fs::file_size(scratch.path() / "b") == 100000);
  CHECK(names_below(scratch.path()) == Names{"a", "b"});
}

TEST_CASE("If one file cannot be written none appears, and an older one stays as it was") {
  const ScratchFolder scratch;
  scratch.put("a", "old");
  scratch.put("file", "");
  CHECK_THROWS_WITH(write({{scratch.path() / "a", "new"}, {scratch.path() / "file" / "b", "x"}}),
                    Contains("file/b: cannot be written: Not a directory"));
  CHECK_THROWS_WITH(write({{scratch.path() / "a", "new"}, {scratch.path() / "no" / "b", "x"}}),
                    Contains("no/b: cannot be written: No such file or directory"));
  CHECK(bytes_of_file(scratch.path() / "a") == "old");
  CHECK(names_below(scratch.path()) == Names{"a", "file"});
}

TEST_CASE("A folder in the place of a file is refused before anything is written") {
  const ScratchFolder scratch;
  fs::create_directory(scratch.path() / "b");
  CHECK_THROWS_WITH(write({{scratch.path() / "a", "x"}, {scratch.path() / "b", "y"}}),
                    Contains("/b: cannot be written: Is a directory"));
  CHECK(names_below(scratch.path()) == Names{"b"});
}

TEST_CASE("A link stays a link: the file behind it is replaced") {
  const ScratchFolder scratch;
  scratch.put("real", "old");
  fs::create_symlink(scratch.path() / "real", scratch.path() / "link");
  write({{scratch.path() / "link", "new"}});
  CHECK(fs::is_symlink(scratch.path() / "link"));
  CHECK(bytes_of_file(scratch.path() / "real") == "new");
}

TEST_CASE("A pipe is written to, not replaced") {
  // A pipe stands for devices, too: replacing /dev/null would be a costly way to fail.
  const ScratchFolder scratch;
  const fs::path pipe = scratch.path() / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const int reader = ::open(pipe.c_str(), O_RDWR | O_NONBLOCK);
  write({{pipe, "bytes"}, {scratch.path() / "file", "more"}});
  CHECK(fs::is_fifo(pipe));
  char got[5] = {};
  CHECK(::read(reader, got, sizeof got) == 5);
  CHECK(std::string(got, sizeof got) == "bytes");
  ::close(reader);
  CHECK(names_below(scratch.path()) == Names{"file", "pipe"});
}

TEST_CASE("A folder is made with those above it, and a file in its place is refused") {
  const ScratchFolder scratch;
  make_folder(scratch.path() / "x" / "y");
  make_folder(scratch.path() / "x" / "y");
  CHECK(fs::is_directory(scratch.path() / "x" / "y"));
  scratch.put("file", "");
  CHECK_THROWS_AS(make_folder(scratch.path() / "file"), InputError);
  CHECK_THROWS_WITH(make_folder(scratch.path() / "file" / "y"),
                    Contains("file/y: this folder cannot be made: Not a directory"));
}

}  // namespace
}  // namespace ridgeline::cli
