#include "sim/register_level/operands.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace ridgeline::sim::register_level {
namespace {

struct Tap {
  int c, r, s;
};
struct Position {
  int n, p, q;
};

/// The part of c x r x s that the pass takes, in order.
std::vector<Tap> taps_of(const Pass& pass) {
  std::vector<Tap> taps;
  int k = 0;
  for (int c = pass.c.begin; c < pass.c.end; ++c) {
    for (int r = pass.r.begin; r < pass.r.end; ++r) {
      for (int s = pass.s.begin; s < pass.s.end; ++s, ++k) {
        if (pass.k.size() == 0 || (k >= pass.k.begin && k < pass.k.end)) taps.push_back({c, r, s});
      }
    }
  }
  return taps;
}

std::vector<Position> positions_of(const Pass& pass) {
  std::vector<Position> positions;
  const bool all = pass.x.size() == 0;
  for (int n = pass.n.begin; n < pass.n.end; ++n) {
    int x = 0;
    for (int p = pass.p.begin; p < pass.p.end; ++p) {
      for (int q = pass.q.begin; q < pass.q.end; ++q, ++x) {
        if (all || (x >= pass.x.begin && x < pass.x.end)) positions.push_back({n, p, q});
      }
    }
  }
  return positions;
}

int ifmap_word(const PassData& data, const Tap& tap, const Position& at) {
  const ConvShape& s = data.layer.shape;
  const Window& w = s.window;
  const int h = at.p * w.stride[0] - w.pad[0] + tap.r * w.dilation[0];
  const int v = at.q * w.stride[1] - w.pad[1] + tap.s * w.dilation[1];
  if (h < 0 || h >= s.H || v < 0 || v >= s.W) return 0;
  const int c = data.pass.g * s.C_per_group() + tap.c;
  return data.layer.ifmap[static_cast<std::size_t>(((at.n * s.C + c) * s.H + h) * s.W + v)];
}

int filter_word(const PassData& data, int m, const Tap& tap) {
  const ConvShape& s = data.layer.shape;
  const int filter = data.pass.g * s.M_per_group() + m;
  return data.layer.filters[static_cast<std::size_t>(
      ((filter * s.C_per_group() + tap.c) * s.R() + tap.r) * s.S() + tap.s)];
}

std::size_t ofmap_place(const PassData& data, int m, const Position& at) {
  const ConvShape& s = data.layer.shape;
  const int channel = at.n * s.M + data.pass.g * s.M_per_group() + m;
  return static_cast<std::size_t>((channel * s.P() + at.p) * s.Q() + at.q);
}

}  // namespace

StationaryWork stationary_filters(const PassData& data, const GlobalBuffer& buffer) {
  const std::vector<Tap> taps = taps_of(data.pass);
  const std::vector<Position> positions = positions_of(data.pass);
  const Range m = data.pass.m;
  StationaryWork work{.rows = static_cast<int>(taps.size()),
                      .cols = m.size(),
                      .vectors = static_cast<int>(positions.size()),
                      .load_words_per_cycle = buffer.filter_words_per_cycle,
                      .vector_words_per_cycle = buffer.ifmap_words_per_cycle,
                      .first = data.pass.first};
  for (const Tap& tap : taps) {
    for (int i = m.begin; i < m.end; ++i) work.block.push_back(filter_word(data, i, tap));
  }
  for (const Position& at : positions) {
    for (const Tap& tap : taps) work.words.push_back(ifmap_word(data, tap, at));
    for (int i = m.begin; i < m.end; ++i) work.ofmap.push_back(ofmap_place(data, i, at));
  }
  return work;
}

StationaryWork stationary_ifmap(const PassData& data, const GlobalBuffer& buffer) {
  const std::vector<Tap> taps = taps_of(data.pass);
  const std::vector<Position> positions = positions_of(data.pass);
  const Range m = data.pass.m;
  StationaryWork work{.rows = static_cast<int>(taps.size()),
                      .cols = static_cast<int>(positions.size()),
                      .vectors = m.size(),
                      .load_words_per_cycle = buffer.ifmap_words_per_cycle,
                      .vector_words_per_cycle = buffer.filter_words_per_cycle,
                      .first = data.pass.first};
  for (const Tap& tap : taps) {
    for (const Position& at : positions) work.block.push_back(ifmap_word(data, tap, at));
  }
  for (int i = m.begin; i < m.end; ++i) {
    for (const Tap& tap : taps) work.words.push_back(filter_word(data, i, tap));
    for (const Position& at : positions) work.ofmap.push_back(ofmap_place(data, i, at));
  }
  return work;
}

OutputWork output_work(const PassData& data) {
  const std::vector<Tap> taps = taps_of(data.pass);
  const std::vector<Position> positions = positions_of(data.pass);
  const Range m = data.pass.m;
  OutputWork work{.rows = static_cast<int>(positions.size()),
                  .cols = m.size(),
                  .depth = static_cast<int>(taps.size()),
                  .first = data.pass.first,
                  .last = data.pass.last};
  for (const Tap& tap : taps) {
    for (const Position& at : positions) work.row_words.push_back(ifmap_word(data, tap, at));
    for (int i = m.begin; i < m.end; ++i) work.col_words.push_back(filter_word(data, i, tap));
  }
  for (const Position& at : positions) {
    for (int i = m.begin; i < m.end; ++i) work.ofmap.push_back(ofmap_place(data, i, at));
  }
  return work;
}

WindowWork window_work(const PassData& data, bool skip_zeros) {
  const Pass& pass = data.pass;
  const ConvShape& s = data.layer.shape;
  const Window& w = s.window;
  WindowWork work{.p = pass.p,
                  .q = pass.q,
                  .filters = pass.m.size(),
                  .window = w,
                  .H = s.H,
                  .W = s.W,
                  .last = pass.last};
  // Rows (or columns) of ifmap from the first window's beginning to the last one's end.
  const auto span = [](Range out, int kernel, int stride, int dilation, int pad, int extent) {
    return Range{std::clamp(out.begin * stride - pad, 0, extent),
                 std::clamp((out.end - 1) * stride - pad + (kernel - 1) * dilation + 1, 0, extent)};
  };
  const Range rows = span(pass.p, w.R, w.stride[0], w.dilation[0], w.pad[0], s.H);
  const Range cols = span(pass.q, w.S, w.stride[1], w.dilation[1], w.pad[1], s.W);
  for (int c = pass.c.begin; c < pass.c.end; ++c) {
    auto& weights = work.weights.emplace_back();
    for (int r = 0; r < w.R; ++r) {
      for (int tap = 0; tap < w.S; ++tap) {
        for (int m = pass.m.begin; m < pass.m.end; ++m) {
          const int value = filter_word(data, m, {c, r, tap});
          if (value == 0 && skip_zeros) continue;
          weights.push_back({.value = value, .filter = m - pass.m.begin, .r = r, .s = tap});
        }
      }
    }
    auto& block = work.blocks.emplace_back();
    const int channel = pass.n.begin * s.C + pass.g * s.C_per_group() + c;
    for (int h = rows.begin; h < rows.end; ++h) {
      for (int v = cols.begin; v < cols.end; ++v) {
        const auto index = static_cast<std::size_t>((channel * s.H + h) * s.W + v);
        block.push_back({.value = data.layer.ifmap[index], .h = h, .w = v});
      }
    }
  }
  for (const Position& at : positions_of(pass)) {
    for (int m = pass.m.begin; m < pass.m.end; ++m) {
      work.ofmap.push_back(ofmap_place(data, m, at));
    }
  }
  return work;
}

namespace {

/// The ifmap rows that a pass of rs needs, each with a pair of ofmap row and filter row that meets
/// it.
std::map<int, std::pair<int, int>> rows_of(const Pass& pass, const Window& w) {
  std::map<int, std::pair<int, int>> rows;
  for (int p = 0; p < pass.p.size(); ++p) {
    for (int r = 0; r < pass.r.size(); ++r) {
      rows[p * w.stride[0] + r * w.dilation[0]] = {pass.p.begin + p, pass.r.begin + r};
    }
  }
  return rows;
}

RowColumn row_column(const PassData& data, int n, int q) {
  const Pass& pass = data.pass;
  const Window& w = data.layer.shape.window;
  // Windows of neighbouring columns lie over one another, but for gaps between their taps.
  const bool shares = q > pass.q.begin && w.dilation[1] == 1;
  RowColumn column{.new_taps = shares ? std::min(w.stride[1], pass.s.size()) : pass.s.size()};
  const auto rows = rows_of(pass, w);
  for (int s = pass.s.end - column.new_taps; s < pass.s.end; ++s) {
    for (int c = pass.c.begin; c < pass.c.end; ++c) {
      for (const auto& [row, meets] : rows) {
        const int value = ifmap_word(data, {c, meets.second, s}, {n, meets.first, q});
        column.words.push_back({.value = value, .channel = c - pass.c.begin, .row = row});
      }
    }
  }
  for (int m = pass.m.begin; m < pass.m.end; ++m) {
    for (int p = pass.p.begin; p < pass.p.end; ++p) {
      column.psums.push_back({.ofmap = ofmap_place(data, m, {n, p, q}),
                              .filter = m - pass.m.begin,
                              .row = p - pass.p.begin});
    }
  }
  return column;
}

}  // namespace

RowWork row_work(const PassData& data) {
  const Pass& pass = data.pass;
  const Window& w = data.layer.shape.window;
  RowWork work{.M = pass.m.size(),
               .C = pass.c.size(),
               .R = pass.r.size(),
               .S = pass.s.size(),
               .P = pass.p.size(),
               .sets = pass.sets,
               .stride = w.stride[0],
               .dilation = w.dilation[0],
               .first = pass.first};
  for (int m = pass.m.begin; m < pass.m.end; ++m) {
    for (const Tap& tap : taps_of(pass)) {
      work.filters.push_back({.value = filter_word(data, m, tap),
                              .filter = m - pass.m.begin,
                              .channel = tap.c - pass.c.begin,
                              .r = tap.r - pass.r.begin,
                              .s = tap.s - pass.s.begin});
    }
  }
  for (int n = pass.n.begin; n < pass.n.end; ++n) {
    for (int q = pass.q.begin; q < pass.q.end; ++q) work.columns.push_back(row_column(data, n, q));
  }
  return work;
}

}  // namespace ridgeline::sim::register_level
