#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

/// The layering of the folders, read off the include lines: system headers would hide a violation
/// from the linker.
namespace ridgeline {
namespace {

namespace fs = std::filesystem;

struct Source {
  std::string path;  ///< from the root of the project
  std::vector<std::string> includes;
  std::size_t lines = 0;
};

Source read_source(const fs::path& file, const fs::path& root) {
  Source source;
  source.path = fs::relative(file, root).string();
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line); ++source.lines) {
    std::erase(line, ' ');
    if (!line.starts_with("#include")) continue;
    const std::size_t open = line.find_first_of("<\"");
    const std::size_t close = line.find_first_of(">\"", open + 1);
    REQUIRE(close != std::string::npos);
    source.includes.push_back(line.substr(open + 1, close - open - 1));
  }
  return source;
}

std::vector<Source> sources_below(const std::vector<std::string>& folders) {
  const fs::path root = RIDGELINE_SOURCE_DIR;
  std::vector<Source> sources;
  for (const std::string& folder : folders) {
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const std::string extension = entry.path().extension().string();
      if (extension == ".cpp" || extension == ".hpp") {
        sources.push_back(read_source(entry.path(), root));
      }
    }
  }
  REQUIRE(!sources.empty());
  return sources;
}

using Names = std::vector<std::string>;

/// Whether `name` is one of `names`, or begins with one that ends in '/' or '*'.
bool is_among(const std::string& name, const Names& names) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& known) {
    if (known.ends_with('*')) return name.starts_with(known.substr(0, known.size() - 1));
    return known.ends_with('/') ? name.starts_with(known) : name == known;
  });
}

/// No file below `folders`, those in `except` left out, includes one of `headers`.
void forbid(const std::vector<Source>& sources, const Names& folders, const Names& except,
            const Names& headers) {
  std::size_t seen = 0;
  for (const Source& source : sources) {
    if (!is_among(source.path, folders) || is_among(source.path, except)) continue;
    ++seen;
    for (const std::string& header : source.includes) {
      INFO(source.path << " includes " << header);
      CHECK(!is_among(header, headers));
    }
  }
  CHECK(seen > 0);
}

TEST_CASE("Folders include only what the layering allows") {
  const std::vector<Source> all = sources_below({"models", "reports", "sim"});
  const Names systemc{"systemc*", "tlm*", "sysc/"};
  const Names file_access{"fstream", "fcntl.h", "unistd.h", "cstdio", "stdio.h"};
  SECTION("models includes neither sim, reports nor SystemC, and opens no file") {
    forbid(all, {"models/"}, {}, {"sim/", "reports/"});
    forbid(all, {"models/"}, {}, systemc);
    forbid(all, {"models/"}, {}, file_access);
  }
  SECTION("reports includes neither sim nor SystemC, and opens no file") {
    forbid(all, {"reports/"}, {}, {"sim/", "filesystem"});
    forbid(all, {"reports/"}, {}, systemc);
    forbid(all, {"reports/"}, {}, file_access);
  }
  const Names program{"sim/cli/", "sim/papers/"};
  SECTION("sim includes neither its command line, papers nor reports") {
    forbid(all, {"sim/"}, program, {"sim/cli/", "sim/papers/", "reports/"});
  }
  SECTION("command line and papers see the simulation through run.hpp, and no SystemC") {
    const Names for_papers{"sim/papers/", "sim/run.hpp", "sim/cli/configs.hpp"};
    const Names for_commands{"sim/papers/papers.hpp", "sim/run.hpp", "sim/cli/"};
    for (const Source& source : all) {
      if (!is_among(source.path, program)) continue;
      const bool paper = source.path.starts_with("sim/papers/");
      for (const std::string& header : source.includes) {
        INFO(source.path << " includes " << header);
        CHECK((!header.starts_with("sim/") || is_among(header, paper ? for_papers : for_commands)));
      }
    }
    forbid(all, program, {}, systemc);
  }
  SECTION("JSON is read and written in *_json.cpp, reports and the command line") {
    std::vector<Source> others = all;
    std::erase_if(others, [](const Source& s) { return s.path.ends_with("_json.cpp"); });
    forbid(others, {"models/", "sim/"}, {"sim/cli/"}, {"nlohmann/"});
  }
  SECTION("Boost serves the command line alone, and streams of the console nobody") {
    forbid(all, {"models/", "reports/", "sim/"}, {"sim/cli/"}, {"boost/"});
    forbid(all, {"models/", "reports/", "sim/"}, {}, {"iostream"});
  }
}

TEST_CASE("Source files stay under 300 lines") {
  for (const Source& source : sources_below({"models", "reports", "sim", "tests"})) {
    INFO(source.path);
    CHECK(source.lines <= 300);
  }
}

}  // namespace
}  // namespace ridgeline
