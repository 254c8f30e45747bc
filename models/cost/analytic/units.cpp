#include "models/cost/analytic/units.hpp"

namespace ridgeline::analytic {
namespace {

/// Compares times of two moments, each as it lies to the moment's own.
struct Later {
  Time by;
  [[nodiscard]] bool operator()(Time before, Time now) const { return now - before == by; }
};

template <class Values, class Same>
bool same_queue(const Values& before, const Values& now, Same&& same) {
  if (before.size() != now.size()) return false;
  for (unsigned i = 0; i < now.size(); ++i) {
    if (!same(before[i], now[i])) return false;
  }
  return true;
}

}  // namespace

void Units::also_free(Duties frees) {
  frees &= ~newest;
  newest |= frees;
  if (!tokens.empty()) {
    tokens[tokens.size() - 1].duties |= frees;
    return;
  }
  if ((frees & kFreesIfmap) != 0) ifmaps.push(array);
  if ((frees & kFreesFilter) != 0) filters.push(array);
}

void Units::drain() {
  while (!tokens.empty() || !stores.empty()) store_next();
}

void Units::store_next() {
  store = store_time();
  const Store done = stores.pop();
  if (done.bus != kStays) store = bus = std::max(bus, store) + done.bus;
  if (done.layer_before) {
    stored_before = store;
    return;
  }
  psums.push({.free = store, .vector_done = done.asked});
  while (!tokens.empty() && !((tokens[0].duties & kStartsPsums) != 0 && psums.empty())) {
    run(tokens.pop());
  }
}

CycleBreakdown Units::cycles(const CycleBreakdown& work, Time all) const {
  CycleBreakdown cycles = work;
  cycles.vector_stall += Cycles(vector_stall);
  cycles.dram_stall = Cycles(all) - cycles.total();
  return cycles;
}

/// Where load DMA, bus and array are as far on.
bool Units::waits_alike(const Units& before) const {
  const Later later{dma - before.dma};
  // What only that unit waits for no longer matters once the unit is past it.
  const auto same_after = [&](Time Units::*unit, Time then, Time now) {
    return later(std::max(then, before.*unit), std::max(now, this->*unit));
  };
  if (!same_work(before) || !same_after(&Units::array, before.vector, vector)) return false;
  if (stores.empty() ? !same_after(&Units::array, before.store, store)
                     : !later(before.store, store)) {
    return false;
  }
  const auto same_half = [&](Time then, Time now) { return same_after(&Units::dma, then, now); };
  for (unsigned i = 0; i < taken.size(); ++i) {
    if (!same_half(before.taken[i], taken[i])) return false;
  }
  const auto same_psums = [&](const PsumHalf& then, const PsumHalf& now) {
    return same_after(&Units::array, then.free, now.free) &&
           same_after(&Units::array, then.vector_done, now.vector_done);
  };
  const auto same_store = [&](const Store& then, const Store& now) {
    return later(then.asked, now.asked) && then.bus == now.bus &&
           then.layer_before == now.layer_before;
  };
  const auto same_token = [&](const Token& then, const Token& now) {
    return then.cost == now.cost && then.duties == now.duties && later(then.ready, now.ready);
  };
  return same_queue(before.ifmaps, ifmaps, same_half) &&
         same_queue(before.filters, filters, same_half) &&
         same_queue(before.residuals, residuals, same_half) &&
         same_queue(before.psums, psums, same_psums) &&
         same_queue(before.stores, stores, same_store) &&
         same_queue(before.tokens, tokens, same_token);
}

void Units::repeat_since(const Units& before, std::int64_t times) {
  // Where the moments are not quite the same, what the array has done counts.
  const Time shift = (array - before.array) * times;
  vector_stall += (vector_stall - before.vector_stall) * times;
  for (Time* time : {&dma, &bus, &array, &vector, &store}) *time += shift;
  for (Time& time : taken) time += shift;
  for (Halves* halves : {&ifmaps, &filters, &residuals}) {
    for (unsigned i = 0; i < halves->size(); ++i) (*halves)[i] += shift;
  }
  for (unsigned i = 0; i < psums.size(); ++i) {
    psums[i].free += shift;
    psums[i].vector_done += shift;
  }
  for (unsigned i = 0; i < stores.size(); ++i) stores[i].asked += shift;
  for (unsigned i = 0; i < tokens.size(); ++i) tokens[i].ready += shift;
}

}  // namespace ridgeline::analytic
