// gateway/adapters/plugin/watcher.cpp - a poll loop over two descriptors a plug-in: what it prints, and its end.
#include "gateway/adapters/plugin/watcher.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <future>

#include "gateway/base/check.hpp"

namespace caseway {
namespace {

/// Of processor time that an idle plug-in may take between two looks: timers, garbage collection.
constexpr std::chrono::milliseconds kIdleCpu{2'000};

}  // namespace

PluginWatcher::PluginWatcher(const WatcherSettings& settings)
    : settings_(settings), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    CASEWAY_CHECK(wake_ >= 0);
    thread_ = std::thread([this] { run(); });
}

PluginWatcher::~PluginWatcher() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        for (const auto& process : processes_) process->kill();
    }
    wake();
    thread_.join();
    ::close(wake_);
}

std::shared_ptr<PluginProcess> PluginWatcher::start(const LaunchPlan& plan) {
    // a fault crosses threads as its parts: an exception shared between two is not theirs to release
    struct Started {
        std::shared_ptr<PluginProcess> process;
        ConnectorFaultKind kind{};
        ConnectorFault::Parts fault{};
    };
    const auto started = std::make_shared<std::promise<Started>>();
    auto result = started->get_future();
    {
        const std::lock_guard lock(mutex_);
        tasks_.push_back([this, plan, started] {
            try {
                const auto process = std::make_shared<PluginProcess>(launch(plan), plan.limits.memory_mib);
                {
                    const std::lock_guard inner(mutex_);
                    processes_.push_back(process);
                }
                started->set_value({process});
            } catch (const ConnectorFault& fault) {
                started->set_value({nullptr, fault.kind(), fault.parts()});
            } catch (const std::exception& error) {  // no memory, too many descriptors
                started->set_value({nullptr,
                                    ConnectorFaultKind::System,
                                    {"connector_not_started", plan.command.front(), error.what(), "`caseway doctor`"}});
            }
        });
    }
    wake();
    Started outcome = result.get();
    if (!outcome.process) throw ConnectorFault(outcome.kind, std::move(outcome.fault));
    return outcome.process;
}

std::size_t PluginWatcher::running() const {
    const std::lock_guard lock(mutex_);
    return processes_.size();
}

void PluginWatcher::wake() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t ignored = ::write(wake_, &one, sizeof one);
}

void PluginWatcher::runTasks() {
    std::vector<std::function<void()>> tasks;
    {
        const std::lock_guard lock(mutex_);
        tasks.swap(tasks_);
    }
    for (const auto& task : tasks) task();
}

int PluginWatcher::untilNextLook() const {
    if (running() == 0) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(std::min(next_look_, next_limit_look_) -
                                                                   std::chrono::steady_clock::now());
    return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

void PluginWatcher::lookAtIdle() {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_look_) return;
    next_look_ = now + std::min(settings_.idle_look, settings_.idle_stop);
    const std::lock_guard lock(mutex_);
    for (const auto& process : processes_)
        if (!process->endIfIdle(now - settings_.idle_stop)) process->endIfBusyWhileIdle(kIdleCpu);
}

void PluginWatcher::lookAtLimits() {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_limit_look_) return;
    next_limit_look_ = now + settings_.limit_look;
    const std::lock_guard lock(mutex_);
    for (const auto& process : processes_) process->endIfOverLimits();
}

void PluginWatcher::serve(const std::shared_ptr<PluginProcess>& process, short output_events, short handle_events) {
    if (output_events != 0) process->takeOutput();
    if (handle_events == 0 || !process->reap()) return;
    process->takeOutput();  // its last words
    const std::lock_guard lock(mutex_);
    std::erase(processes_, process);
}

void PluginWatcher::run() {
    for (;;) {
        std::vector<std::shared_ptr<PluginProcess>> watched;
        {
            const std::lock_guard lock(mutex_);
            if (stopping_ && processes_.empty()) return;
            watched = processes_;
        }
        std::vector<pollfd> waiting{{wake_, POLLIN, 0}};
        for (const auto& process : watched) {
            waiting.push_back({process->printsNoMore() ? -1 : process->output(), POLLIN, 0});
            waiting.push_back({process->handle(), POLLIN, 0});
        }
        ::poll(waiting.data(), waiting.size(), untilNextLook());
        std::uint64_t woken = 0;
        [[maybe_unused]] const ssize_t ignored = ::read(wake_, &woken, sizeof woken);
        for (std::size_t i = 0; i < watched.size(); ++i)
            serve(watched[i], waiting[1 + 2 * i].revents, waiting[2 + 2 * i].revents);
        runTasks();
        lookAtIdle();
        lookAtLimits();
    }
}

}  // namespace caseway
