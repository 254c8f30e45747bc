#include "models/sweep/sweep_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/base/error.hpp"
#include "models/numeric/random.hpp"

namespace ridgeline {
namespace {

constexpr std::uint64_t kMostCombinations = std::uint64_t{1} << 62;
constexpr std::uint64_t kMostCounted = 10'000'000;  ///< candidates looked at one by one
constexpr std::uint64_t kLooked = 100'000;          ///< of those that are too many to count

/// An axis's own seed.
std::uint64_t seed_of(std::uint64_t seed, std::size_t axis) {
  return SplitMix64(seed + (axis + 1) * 0x632BE59BD9B4E019U)();
}

/// Whether a setting replaces what others set in part, and so comes before them.
bool comes_first(const Setting& setting) {
  return setting.kind == SettingKind::arch || setting.kind == SettingKind::network;
}

}  // namespace

std::uint64_t combinations(const SweepSpec& spec) {
  std::uint64_t product = 1;
  for (const SweepAxis& axis : spec.axes) {
    if (product > kMostCombinations / axis.size()) {
      throw InputError({.file = spec.name,
                        .place = "/axes",
                        .what = "have more than 2^62 combinations",
                        .allowed = "fewer axes, or fewer values each",
                        .nearest = ""});
    }
    product *= axis.size();
  }
  return product;
}

PointWalker::PointWalker(const SweepSpec& spec)
    : spec_(&spec),
      candidates_(combinations(spec)),
      indices_(spec.axes.size(), 0),
      point_(spec.base) {
  if (spec.sampling == Sampling::random) {
    permutations_.emplace_back(candidates_, spec.sample_seed);
  }
  if (spec.sampling != Sampling::latin_hypercube) return;
  candidates_ = spec.sample_points;
  for (std::size_t a = 0; a < spec.axes.size(); ++a) {
    permutations_.emplace_back(candidates_, seed_of(spec.sample_seed, a));
  }
  std::vector<std::pair<std::uint64_t, std::uint64_t>> met;
  met.reserve(candidates_);
  for (std::uint64_t sample = 0; sample < candidates_; ++sample) {
    find_indices(sample);
    met.emplace_back(combination(), sample);
  }
  std::ranges::sort(met);
  met_ = std::make_shared<const decltype(met)>(std::move(met));
}

std::uint64_t PointWalker::combination() const {
  std::uint64_t number = 0;
  for (std::size_t a = 0; a < indices_.size(); ++a) {
    number = number * spec_->axes[a].size() + indices_[a];
  }
  return number;
}

double PointWalker::value_of(const Expression& expression) const {
  std::vector<double> values;
  for (const std::string& name : expression.variables()) {
    values.push_back(quantity(point_, name));
  }
  return expression.value(values);
}

void PointWalker::find_indices(std::uint64_t candidate) {
  const std::vector<SweepAxis>& axes = spec_->axes;
  if (spec_->sampling == Sampling::latin_hypercube) {
    for (std::size_t a = 0; a < axes.size(); ++a) {
      // Stratum s of n belongs to value floor(s * size / n).
      __extension__ using Wide = unsigned __int128;
      const Wide stratum = permutations_[a](candidate);
      indices_[a] = static_cast<std::size_t>(stratum * axes[a].size() / candidates_);
    }
    return;
  }
  std::uint64_t rest =
      spec_->sampling == Sampling::random ? permutations_.front()(candidate) : candidate;
  for (std::size_t a = axes.size(); a-- > 0;) {
    indices_[a] = static_cast<std::size_t>(rest % axes[a].size());
    rest /= axes[a].size();
  }
}

bool PointWalker::go_to(std::uint64_t candidate) {
  const std::vector<std::size_t> before = indices_;
  find_indices(candidate);
  apply_changes(before);
  derive_fields();
  failed_ = 0;
  for (const Expression& constraint : spec_->constraints) {
    if (value_of(constraint) == 0) return false;
    ++failed_;
  }
  if (!met_) return true;
  // The first sample of a combination is the point, later ones would repeat it.
  return std::ranges::lower_bound(*met_, std::pair{combination(), std::uint64_t{0}})->second ==
         candidate;
}

/// Axes that stay as they are need not be set again, unless what they are part of was replaced.
void PointWalker::apply_changes(const std::vector<std::size_t>& before) {
  const std::vector<SweepAxis>& axes = spec_->axes;
  bool all = fresh_;
  for (std::size_t a = 0; a < axes.size(); ++a) {
    const auto partial = [](const Setting& s) {
      return comes_first(s) || s.kind == SettingKind::network_parameter;
    };
    all = all || (indices_[a] != before[a] && std::ranges::any_of(axes[a].settings, partial));
  }
  if (all) point_ = spec_->base;
  for (const bool first : {true, false}) {
    for (std::size_t a = 0; a < axes.size(); ++a) {
      if (!all && indices_[a] == before[a]) continue;
      for (const Setting& setting : axes[a].settings) {
        if (comes_first(setting) == first) apply(setting, indices_[a], point_);
      }
    }
  }
  fresh_ = false;
}

void PointWalker::derive_fields() {
  problem_.clear();
  for (const DerivedField& field : spec_->derived) {
    const double value = value_of(field.expression);
    const JsonValue number{.data = JsonNumber{fmt::format("{}", value), value},
                           .file = field.place.file};
    try {
      set_field(point_.arch, field.path, read_field(field.path, JsonField(number), {}));
    } catch (const InputError& error) {
      problem_ = fmt::format(
          "arch.{} = {}: {}", field.path, field.expression.text(),
          InputError({.what = error.problem().what, .allowed = error.problem().allowed}).what());
      return;
    }
  }
}

namespace {

/// How often each constraint was the first to rule a candidate out.
[[noreturn]] void fail_contradiction(const SweepSpec& spec, const std::string& file,
                                     const std::vector<std::uint64_t>& ruled_out) {
  const auto most = std::ranges::max_element(ruled_out) - ruled_out.begin();
  const bool alone =
      std::ranges::count(ruled_out, 0U) + 1 == static_cast<std::ptrdiff_t>(ruled_out.size());
  throw InputError(
      {.file = file,
       .place = fmt::format("/constraints/{}", most),
       .what = fmt::format("no point is left: \"{}\" {}",
                           spec.constraints[static_cast<std::size_t>(most)].text(),
                           alone ? "rules out every combination"
                                 : "and the others contradict one another or the axes"),
       .allowed = "constraints that some combination of the axes meets",
       .nearest = ""});
}

}  // namespace

SweepSize size_of(const SweepSpec& spec, const std::string& file) {
  PointWalker walker(spec);
  SweepSize size{.combinations = combinations(spec), .candidates = walker.candidates()};
  const std::uint64_t wanted = spec.sampling == Sampling::random
                                   ? std::min(spec.sample_points, size.combinations)
                                   : size.candidates;
  if (spec.constraints.empty() && spec.sampling != Sampling::latin_hypercube) {
    size.candidates = size.points = wanted;
    return size;
  }
  std::vector<std::uint64_t> ruled_out(spec.constraints.size(), 0);
  const bool sampled = spec.sampling == Sampling::grid && size.candidates > kMostCounted;
  const std::uint64_t looked = sampled ? kLooked : std::min(size.candidates, kMostCounted);
  const Permutation order(size.candidates, 1);
  std::uint64_t seen = 0;
  for (; seen < looked && size.points < wanted; ++seen) {
    if (walker.go_to(sampled ? order(seen) : seen)) {
      ++size.points;
    } else if (walker.failed_constraint() < ruled_out.size()) {
      ++ruled_out[walker.failed_constraint()];
    }
  }
  if (size.points == 0) fail_contradiction(spec, file, ruled_out);
  if (sampled) {
    size.exact = false;
    size.points =
        static_cast<std::uint64_t>(static_cast<double>(size.points) / static_cast<double>(looked) *
                                   static_cast<double>(size.candidates));
  } else {
    size.candidates = seen;
  }
  return size;
}

}  // namespace ridgeline
