#include "models/flood/infiltration.hpp"

#include <algorithm>
#include <cmath>

namespace dvinis::flood {

double mean_of_decay(double x) {
  // exp(-x) - 1 = y: halved until small, a series, then doubled again, y(2x) = y (2 + y).
  int doublings = 0;
  double small = std::min(x, 700.0);
  while (small > 0.125) {
    small *= 0.5;
    ++doublings;
  }
  double series = 0.0;
  for (int n = 12; n >= 2; --n) series = (1.0 + series) * (-small / n);
  if (doublings == 0) return 1.0 + series;
  double change = -small * (1.0 + series);
  for (int n = 0; n < doublings; ++n) change *= 2.0 + change;
  return -change / x;
}

double decay_to(double q) {
  constexpr double ln2 = 0.69314718055994530942;
  double sum = 0.0;
  while (q < 0.70710678118654752) {
    q *= 2.0;
    sum += ln2;
  }
  // 2 artanh(z) = ln((1 + z) / (1 - z)), |z| <= 0.18.
  const double z = (1.0 - q) / (1.0 + q);
  double series = 0.0;
  for (int n = 25; n >= 1; n -= 2) series = series * (z * z) + 1.0 / n;
  return sum + 2.0 * z * series;
}

double horton_potential(const HortonSoil& soil, double capacity, double dt) {
  const double excess = std::max(capacity - soil.final_rate, 0.0);
  return dt * (soil.final_rate + excess * mean_of_decay(soil.decay * dt));
}

double horton_potential_of_bare_ground(const HortonSoil& soil, double capacity, double rain, double dt) {
  const double rate = rain / dt;
  if (!(rate > soil.final_rate) || !(soil.decay > 0.0) || rate >= capacity)
    return horton_potential(soil, capacity, dt);
  // Under water the capacity would fall to the rain's rate in `wet` seconds; the rain needs longer.
  const double wet = decay_to((rate - soil.final_rate) / (capacity - soil.final_rate)) / soil.decay;
  const double until = horton_potential(soil, capacity, wet) / rate;
  if (until >= dt) return rain;
  return rate * until + horton_potential(soil, rate, dt - until);
}

double horton_capacity_after(const HortonSoil& soil, double capacity, double taken, double dt) {
  const double excess = capacity - soil.final_rate;
  if (!(excess > 0.0) || !(taken > 0.0)) return capacity;
  const auto after = [&](double time) {
    return soil.final_rate + excess * (1.0 - soil.decay * time * mean_of_decay(soil.decay * time));
  };
  const double potential = horton_potential(soil, capacity, dt);
  if (taken >= potential) return after(dt);
  // The time under water in which as much would have been taken in: a concave function, so Newton's method
  // from below never passes the root.
  double time = taken / capacity;
  for (int iteration = 0; iteration < 20; ++iteration) {
    const double step = (taken - horton_potential(soil, capacity, time)) / after(time);
    time += step;
    if (!(step > 1e-15 * time)) break;
  }
  return after(std::min(time, dt));
}

double green_ampt_potential(const GreenAmptSoil& soil, double infiltrated, double depth, double rain,
                            double dt) {
  const double most = soil.conductivity * dt;
  const double head = (soil.suction + depth + 0.5 * rain) * soil.deficit;
  // d = most (1 + (head - d deficit / 2) / (F + d / 2)): the positive root of d^2/2 + b d - c, without
  // cancellation.
  const double b = infiltrated - 0.5 * most * (1.0 - soil.deficit);
  const double c = most * (infiltrated + head);
  const double discriminant = std::sqrt(b * b + 2.0 * c);
  return b > 0.0 ? 2.0 * c / (b + discriminant) : discriminant - b;
}

double green_ampt_potential_of_bare_ground(const GreenAmptSoil& soil, double infiltrated, double rain,
                                           double dt) {
  const double rate = rain / dt;
  if (!(rate > soil.conductivity)) return green_ampt_potential(soil, infiltrated, 0.0, rain, dt);
  const double at_ponding = soil.conductivity * soil.suction * soil.deficit / (rate - soil.conductivity);
  const double until = std::max(at_ponding - infiltrated, 0.0) / rate;
  if (until >= dt) return rain;
  const double before = rate * until;
  return before + green_ampt_potential(soil, infiltrated + before, 0.0, rain - before, dt - until);
}

CurveNumberSoil curve_number_soil(double curve_number, double abstraction_ratio) {
  const double retention = 0.0254 * (1000.0 / curve_number - 10.0);
  return {retention, abstraction_ratio * retention};
}

double curve_number_potential(const CurveNumberSoil& soil, double infiltrated, double rain) {
  const double before = std::min(rain, std::max(soil.abstraction - infiltrated, 0.0));
  const double left = soil.retention - std::max(infiltrated + before - soil.abstraction, 0.0);
  if (!(left > 0.0)) return before;
  const double more = rain - before;
  return before + more * (left * left) / (soil.retention * soil.retention + more * left);
}

}  // namespace dvinis::flood
