#include <sched.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <string>

#include "engine/run.hpp"

namespace weir {
namespace {

std::size_t cores_by_affinity() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return static_cast<std::size_t>(std::max(1, CPU_COUNT(&set)));
}

/// A cgroup's quota in cores, rounded up; the largest number if there is none.
std::size_t quota(double quota_us, double period_us) {
  if (quota_us <= 0 || period_us <= 0) return std::numeric_limits<std::size_t>::max();
  return static_cast<std::size_t>(std::max(1.0, std::ceil(quota_us / period_us)));
}

std::size_t cores_by_cgroup() {
  std::string most;
  double period = 0;
  if (std::ifstream v2("/sys/fs/cgroup/cpu.max"); v2 >> most >> period && most != "max") {
    return quota(std::stod(most), period);
  }
  double quota_us = 0;
  std::ifstream v1_quota("/sys/fs/cgroup/cpu/cpu.cfs_quota_us");
  std::ifstream v1_period("/sys/fs/cgroup/cpu/cpu.cfs_period_us");
  v1_quota >> quota_us;
  v1_period >> period;
  return quota(quota_us, period);
}

}  // namespace

std::size_t usable_cores() {
  return std::min(cores_by_affinity(), cores_by_cgroup());
}

}  // namespace weir
