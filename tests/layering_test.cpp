#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <regex>
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
  static const std::regex include_line(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"].*)");
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line); ++source.lines) {
    std::smatch match;
    if (std::regex_match(line, match, include_line)) source.includes.push_back(match[1]);
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

/// No file whose path matches `files` includes a header that matches `headers`.
void forbid(const std::vector<Source>& sources, const std::string& files,
            const std::string& headers) {
  const std::regex files_regex(files);
  const std::regex headers_regex(headers);
  std::size_t seen = 0;
  for (const Source& source : sources) {
    if (!std::regex_match(source.path, files_regex)) continue;
    ++seen;
    for (const std::string& header : source.includes) {
      INFO(source.path << " includes " << header);
      CHECK(!std::regex_match(header, headers_regex));
    }
  }
  INFO("no file matches " << files);
  CHECK(seen > 0);
}

TEST_CASE("Folders include only what the layering allows") {
  const std::vector<Source> all = sources_below({"models", "reports", "sim"});
  const std::string systemc = "systemc.*|tlm.*|sysc/.*";
  SECTION("models includes neither sim, reports nor SystemC") {
    forbid(all, "models/.*", "sim/.*|reports/.*|" + systemc);
  }
  SECTION("models opens no file") {
    forbid(all, "models/.*", "fstream|fcntl.h|unistd.h|cstdio|stdio.h");
  }
  SECTION("reports includes neither sim nor SystemC, and opens no file") {
    forbid(all, "reports/.*", "sim/.*|fstream|filesystem|fcntl.h|unistd.h|" + systemc);
  }
  SECTION("sim includes neither its command line nor reports") {
    forbid(all, "sim/(?!cli/).*", "sim/cli/.*|reports/.*");
  }
  SECTION("the command line sees the simulation through run.hpp, and no SystemC") {
    forbid(all, "sim/cli/.*", "sim/(?!run\\.hpp|cli/).*|" + systemc);
  }
  SECTION("JSON is read and written in *_json.cpp, reports and the command line") {
    forbid(all, "(?!reports/|sim/cli/)(?!.*_json\\.cpp$).*", "nlohmann/.*");
  }
  SECTION("Boost serves the command line alone, and streams none") {
    forbid(all, "(?!sim/cli/).*", "boost/.*");
    forbid(all, ".*", "iostream");
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
