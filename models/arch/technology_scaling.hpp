#pragma once

#include "models/arch/energy_table.hpp"

/// Energy of a circuit at another node and voltage: A. Stillmaker and B. Baas, "Scaling equations
/// for the accurate prediction of CMOS device performance from 180 nm to 7 nm", Integration 58,
/// 2017, Table 5: EnergyFactor(V) = a V^2 + b V + c for each node, and E_y = E_x x EnergyFactor_y /
/// EnergyFactor_x. Coefficients as transcribed in github.com/Accelergy-Project/
/// accelergy-library-plug-in at ba4e9da, scaling.py.
namespace ridgeline {

struct EnergyPolynomial {
  double a = 0, b = 0, c = 0;
  /// The energy factor at a supply voltage.
  [[nodiscard]] double at(double volts) const { return (a * volts + b) * volts + c; }
};

/// Energy at y over energy at x.
[[nodiscard]] inline double energy_ratio(const EnergyPolynomial& y, double volts_y,
                                         const EnergyPolynomial& x, double volts_x) {
  return y.at(volts_y) / x.at(volts_x);
}

/// Factor from one technology to another. Between two nodes of the table their factors are
/// interpolated linearly over the node.
/// @throws std::invalid_argument with a sentence: a node beyond 130 to 7 nm, a missing voltage, or
/// one beyond 0.5 to 1.3 V, where the fits would not hold.
[[nodiscard]] double energy_ratio(const Technology& from, const Technology& to);

}  // namespace ridgeline
