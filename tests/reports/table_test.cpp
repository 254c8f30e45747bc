#include "reports/table.hpp"

#include <catch2/catch.hpp>

namespace ridgeline::reports {
namespace {

TEST_CASE("A table aligns its columns, groups them under headings and sets off the footer") {
  const Table table{.columns = {{"layer", Align::left},
                                {"total", Align::right, "cycles"},
                                {"stall", Align::right, "cycles"},
                                {"bound", Align::left}},
                    .rows = {{"conv1", "1,234,567", "0", "compute"}, {"x", "1", "12", "dram"}},
                    .footer = {{"total", "1,234,568", "12", ""}}};
  CHECK(to_text(table) ==
        "       --- cycles ----\n"
        "layer      total stall  bound\n"
        "-------------------------------\n"
        "conv1  1,234,567     0  compute\n"
        "x              1    12  dram\n"
        "-------------------------------\n"
        "total  1,234,568    12\n");
}

TEST_CASE("A group's heading that is wider than its columns widens them") {
  const Table table{.columns = {{"a", Align::left}, {"r", Align::right, "DRAM bytes"}},
                    .rows = {{"x", "1"}}};
  CHECK(to_text(table) ==
        "   DRAM bytes\n"
        "a           r\n"
        "-------------\n"
        "x           1\n");
}

TEST_CASE("A table without rows is its headers") {
  const Table table{.columns = {{"a", Align::left}, {"b"}}};
  CHECK(to_text(table) == "a  b\n----\n");
}

TEST_CASE("A table counts characters, not bytes") {
  const Table table{.columns = {{"name", Align::left}, {"n"}},
                    .rows = {{"\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9", "1"}, {"abcde", "2"}}};
  CHECK(to_text(table) ==
        "name   n\n"
        "--------\n"
        "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9  1\n"
        "abcde  2\n");
}

}  // namespace
}  // namespace ridgeline::reports
