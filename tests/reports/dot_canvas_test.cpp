#include "reports/dot_canvas.hpp"

#include <catch2/catch.hpp>

#include "reports/log_plot.hpp"

/// Drawings made of characters, dot by dot.
namespace ridgeline::reports {
namespace {

TEST_CASE("Each dot of a cell is its bit of a braille pattern, or its half of an ASCII cell") {
  const std::vector<std::string> signs{"⠁", "⠈", "⠂", "⠐", "⠄", "⠠", "⡀", "⢀"};
  for (int i = 0; i < 8; ++i) {
    DotCanvas braille(1, 1, Glyphs::braille), ascii(1, 1, Glyphs::ascii);
    braille.dot(i % 2, i / 2);
    ascii.dot(i % 2, i / 2);
    CHECK(braille.to_text(false) == signs[static_cast<std::size_t>(i)] + "\n");
    CHECK(ascii.to_text(false) == (i < 4 ? "'\n" : ".\n"));
  }
}

TEST_CASE("A line has no gaps, text lies over it, and nothing outside is drawn") {
  const auto drawn = [](Glyphs glyphs) {
    DotCanvas canvas(6, 3, glyphs);
    canvas.line(-4, 13, 11, -2);  // enters at the lower left, leaves at the upper right
    canvas.dot(-1, 0);
    canvas.dot(12, 0);
    canvas.dot(0, 12);
    canvas.text(4, 2, "ab>");
    canvas.text(-1, 0, "<x");
    return canvas.to_text(false);
  };
  CHECK(drawn(Glyphs::braille) ==
        "x  ⡠⠊\n"
        " ⡠⠊\n"
        "⠊   ab\n");
  CHECK(drawn(Glyphs::ascii) ==
        "x  .'\n"
        " .'\n"
        "'   ab\n");
}

TEST_CASE("Colour changes only where the ink does, and ends with the line") {
  DotCanvas canvas(4, 1, Glyphs::ascii);
  canvas.text(0, 0, "ab", Ink::blue);
  canvas.text(3, 0, "c", Ink::green);
  CHECK(canvas.to_text(false) == "ab c\n");
  CHECK(canvas.to_text(true) == "\x1b[34mab \x1b[32mc\x1b[0m\n");
}

TEST_CASE("A log-log plot has its ticks, curve and points where they belong") {
  // 33 columns and 12 rows for two decades each.
  LogPlot plot({.width = 40, .glyphs = Glyphs::ascii}, {1, 100}, {1, 100}, "MACs/byte",
               "MACs/cycle");
  plot.curve([](double x) { return std::min(10.0, x); }, Ink::plain);
  plot.point(10, 10, '+', Ink::plain);
  plot.point(99, 99, LogPlot::kCounted, Ink::plain);
  plot.point(98, 98, LogPlot::kCounted, Ink::plain);
  for (int i = 0; i < 10; ++i) plot.point(1.01, 99, LogPlot::kCounted, Ink::plain);
  plot.point(30, 3, LogPlot::kCounted, Ink::plain);
  plot.point(0, 3, LogPlot::kCounted, Ink::plain);  // no place on a logarithmic axis
  CHECK(plot.to_text() == R"(MACs/cycle
  100 +#                               2
      |
      |
      |
      |
      |
   10 +             ..'+''''''''''''''''
      |           .:'
      |        .:'
      |     ..'                o
      |  ..''
    1 +.:'
      ++---------------+---------------+
       1              10             100
                               MACs/byte
)");
}

TEST_CASE("A range holds every value above 0 with room, whatever else there is") {
  const LogRange range = range_of({0, 4, -1, 2, 64, INFINITY});
  CHECK(range.min < 2);
  CHECK(range.min > 1);
  CHECK(range.max > 64);
  CHECK(range.max < 128);
  CHECK(range_of({}).max == 10);
  CHECK(range_of({5}).min < 5);
}

}  // namespace
}  // namespace ridgeline::reports
