#include <sched.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <string>

#include "engine/run.hpp"

namespace weir {
namespace {

constexpr std::uint64_t usual_memory_bytes = 256 << 20;

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

/// The memory limit of this process's cgroup, or the largest number. An unlimited v1 group says so
/// with a number near 2^63, which is as good.
std::uint64_t memory_by_cgroup() {
  std::uint64_t bytes = std::numeric_limits<std::uint64_t>::max();
  if (std::ifstream v2("/sys/fs/cgroup/memory.max"); v2 >> bytes) return bytes;
  if (std::ifstream v1("/sys/fs/cgroup/memory/memory.limit_in_bytes"); v1 >> bytes) return bytes;
  return std::numeric_limits<std::uint64_t>::max();
}

}  // namespace

std::uint64_t default_memory_bytes() {
  return std::min(usual_memory_bytes, memory_by_cgroup() / 2);
}

std::size_t usable_cores() {
  return std::min(cores_by_affinity(), cores_by_cgroup());
}

}  // namespace weir
