#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace ridgeline {

/// A mistake in what the user gave us: a file, a name, an option. The program prints what() and
/// exits with 2. Fields that do not apply stay empty.
struct InputProblem {
  std::string file{};     ///< path as the user wrote it, or the option ("--layers")
  std::string place{};    ///< JSON pointer ("/pe_array/rows"), line, node or layer name
  std::string what{};     ///< what is wrong, with the offending value
  std::string allowed{};  ///< what is allowed ("1 to 1024")
  std::string nearest{};  ///< the nearest valid name, if one is near
};

/// what() reads "FILE: PLACE: WHAT; allowed: ALLOWED; did you mean 'NEAREST'?".
class InputError : public std::runtime_error {
 public:
  explicit InputError(InputProblem problem);
  [[nodiscard]] const InputProblem& problem() const noexcept { return problem_; }

 private:
  InputProblem problem_;
};

/// No mapping of a layer fits the architecture: which layer, which buffer, how many bytes are
/// missing. The mapper returns such a reason as a value; this carries it out of a whole run.
/// The program exits with 3.
class InfeasibleError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The simulated machine stopped with work left. what() names the layer and who waits for what.
class SimulationError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The candidate that is nearest to `name` in edit distance, or "" if none is near enough to be
/// meant (more than a third of the name's length, and at least 2, away).
[[nodiscard]] std::string nearest_name(std::string_view name,
                                       std::span<const std::string> candidates);

}  // namespace ridgeline
