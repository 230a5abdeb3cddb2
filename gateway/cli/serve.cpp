// gateway/cli/serve.cpp - `caseway serve`: runs the gateway until it is told to stop.
#include <fmt/format.h>
#include <malloc.h>
#include <signal.h>
#include <sys/resource.h>

#include <ctime>

#include "gateway/cli/command.hpp"
#include "gateway/daemon/folder_rights.hpp"
#include "gateway/daemon/gateway.hpp"
#include "gateway/daemon/operating_log.hpp"

namespace caseway {
namespace {

sigset_t ourSignals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
    return signals;
}

/// A batch of messages takes and gives back some megabytes many times a second, on several threads: the allocator keeps
/// them instead of asking the kernel each time.
void keepFreedMemory() {
    mallopt(M_TRIM_THRESHOLD, 16 * 1024 * 1024);
    mallopt(M_TOP_PAD, 1024 * 1024);
    mallopt(M_MMAP_THRESHOLD, 4 * 1024 * 1024);  // fixed by the others; its default is 128 KiB
}

/// Trees of large messages leave holes behind. Below this the allocator keeps what it has: it is used again at once.
void giveBackMemory() {
    constexpr std::size_t kKept = 64 * 1024 * 1024;
    if (mallinfo2().fordblks > kKept) malloc_trim(0);
}

/// Waits for signals; SIGHUP reads everything again, SIGTERM and SIGINT end. Ticks every second.
void runUntilStopped(Gateway& gateway, const sigset_t& signals) {
    while (true) {
        const timespec second{1, 0};
        const int signal = sigtimedwait(&signals, nullptr, &second);
        if (signal == SIGINT || signal == SIGTERM) return;
        if (signal == SIGHUP) gateway.reload();
        gateway.tick();
        giveBackMemory();
    }
}

}  // namespace

void addServeCommand(CLI::App& program, CommandContext& context) {
    CLI::App* command = program.add_subcommand(
        "serve", "the gateway: takes messages until SIGTERM; SIGHUP reads certificates, register and mappings again");
    addCommonOptions(
        *command, context,
        "  caseway serve --data /var/lib/caseway\n  caseway serve --data data --config caseway.properties");
    command->callback([&context] {
        context.exit_code_of_configuration = kMisconfigured;
        const Settings settings = context.settings();
        openOperatingLog(settings.log_level);
        for (const RightsFinding& one : rightsFindings(settings))
            logWarning("rights", {{"detail", one.what}, {"next_step", one.next_step}});
        const rlimit none{0, 0};
        setrlimit(RLIMIT_CORE, &none);  // a dump would have every key in it
        const sigset_t signals = ourSignals();
        pthread_sigmask(SIG_BLOCK, &signals, nullptr);
        signal(SIGPIPE, SIG_IGN);
        keepFreedMemory();
        Gateway gateway(settings);
        const std::uint16_t thrift = gateway.thriftPort();
        say(fmt::format("caseway {} serves on https://{}:{}, health on http://{}:{}{}", settings.gateway_id,
                        settings.listen.address, gateway.port(), settings.listen.health_address, gateway.healthPort(),
                        thrift == 0 ? "" : fmt::format(", thrift on port {}", thrift)));
        runUntilStopped(gateway, signals);
        gateway.stop();
    });
}

}  // namespace caseway
