// gateway/adapters/plugin/process.cpp - signals go through the pidfd, so never to a stranger with the same number.
#include "gateway/adapters/plugin/process.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <array>

#include "gateway/adapters/plugin/process_use.hpp"
#include "gateway/base/mask.hpp"
#include "gateway/formats/text/said_text.hpp"

namespace caseway {
namespace {

constexpr std::size_t kTailBytes = 1024;
constexpr std::uint64_t kPrintedMax = 4 * 1024 * 1024;  ///< from one call to the next
constexpr std::uint64_t kMemorySlackMib = 64;           ///< stacks, and what the linker wrote into libraries
constexpr std::uint64_t kThreadsMax = 128;
constexpr int kLastWaitMs = 2000;  ///< a killed one that does not go is left to the system

}  // namespace

PluginProcess::PluginProcess(const LaunchedChild& child, std::uint64_t memory_mib)
    : child_(child), memory_mib_(memory_mib) {}

PluginProcess::~PluginProcess() {
    kill();
    pollfd waiting{child_.handle, POLLIN, 0};
    if (!reaped_ && ::poll(&waiting, 1, kLastWaitMs) == 1) ::waitpid(child_.pid, nullptr, WNOHANG);
    for (const int one : {child_.handle, child_.calls, child_.questions, child_.status, child_.output}) ::close(one);
}

std::chrono::nanoseconds PluginProcess::cpu() const {
    clockid_t clock{};
    timespec taken{};
    if (::clock_getcpuclockid(child_.pid, &clock) != 0 || ::clock_gettime(clock, &taken) != 0) return {};
    return std::chrono::seconds(taken.tv_sec) + std::chrono::nanoseconds(taken.tv_nsec);
}

bool PluginProcess::beginUse() {
    const std::lock_guard lock(mutex_);
    if (use_ == Use::Ended) return false;
    use_ = Use::Busy;
    printed_ = 0;
    return true;
}

void PluginProcess::endUse(SteadyTime now) {
    const std::lock_guard lock(mutex_);
    if (use_ != Use::Busy) return;
    use_ = Use::Idle;
    idle_since_ = now;
    cpu_at_idle_ = cpu();
}

bool PluginProcess::endIfIdle(SteadyTime since) {
    const std::lock_guard lock(mutex_);
    if (use_ != Use::Idle || idle_since_ > since) return false;
    unneeded_ = true;
    killLocked();
    return true;
}

bool PluginProcess::endIfBusyWhileIdle(std::chrono::nanoseconds most) {
    const std::lock_guard lock(mutex_);
    if (use_ != Use::Idle || cpu() - cpu_at_idle_ <= most) return false;
    killLocked();
    return true;
}

bool PluginProcess::endIfOverLimits() {
    const ProcessUse use = processUse(child_.status);
    const bool memory = use.memory_mib > memory_mib_ + kMemorySlackMib;
    if (!memory && use.threads <= kThreadsMax) return false;
    const std::lock_guard lock(mutex_);
    if (use_ == Use::Ended) return false;
    over_limit_ = memory ? fmt::format("{} MiB of memory; its manifest says {}", use.memory_mib, memory_mib_)
                         : fmt::format("{} threads, of {} that it may have", use.threads, kThreadsMax);
    killLocked();
    return true;
}

void PluginProcess::kill() {
    const std::lock_guard lock(mutex_);
    killLocked();
}

void PluginProcess::killLocked() {
    use_ = Use::Ended;
    if (!reaped_) ::syscall(SYS_pidfd_send_signal, child_.handle, SIGKILL, nullptr, 0U);
}

bool PluginProcess::endedByUs() const {
    const std::lock_guard lock(mutex_);
    return unneeded_;
}

void PluginProcess::takeOutput() {
    std::array<char, 16 * 1024> buffer;
    const ssize_t taken = ::read(child_.output, buffer.data(), buffer.size());
    if (taken == 0) prints_no_more_ = true;
    if (taken <= 0) return;
    const std::lock_guard lock(mutex_);
    printed_ += static_cast<std::uint64_t>(taken);
    tail_.append(buffer.data(), static_cast<std::size_t>(taken));
    if (tail_.size() > kTailBytes) tail_.erase(0, tail_.size() - kTailBytes);
    if (printed_ <= kPrintedMax || use_ == Use::Ended) return;
    over_limit_ = "it printed without end";
    killLocked();
}

bool PluginProcess::reap() {
    const std::lock_guard lock(mutex_);
    if (reaped_) return true;
    siginfo_t end{};
    if (::waitid(P_PID, static_cast<id_t>(child_.pid), &end, WEXITED | WNOHANG) != 0 || end.si_pid == 0) return false;
    reaped_ = true;
    use_ = Use::Ended;
    how_ = fmt::format("{} {}", end.si_code == CLD_EXITED ? "exit code" : "signal", end.si_status);
    ended_.notify_all();
    return true;
}

std::string PluginProcess::waitForEnd(std::chrono::milliseconds most) {
    std::unique_lock lock(mutex_);
    ended_.wait_for(lock, most, [this] { return reaped_; });
    return reaped_ ? how_ : "still running";
}

std::string PluginProcess::tail(const SecretMask& mask) const {
    std::string text;
    {
        const std::lock_guard lock(mutex_);
        text = mask.masked(tail_);
    }
    return withNamesMasked(saidText(text, 2 * kTailBytes));
}

std::string PluginProcess::overLimit() const {
    const std::lock_guard lock(mutex_);
    return over_limit_;
}

}  // namespace caseway
