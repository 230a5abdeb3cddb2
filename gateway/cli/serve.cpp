// gateway/cli/serve.cpp - `caseway serve`: runs the gateway until it is told to stop.
#include <fmt/format.h>
#include <signal.h>

#include <ctime>

#include "gateway/cli/command.hpp"
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

/// Waits for signals; SIGHUP reads everything again, SIGTERM and SIGINT end. Ticks every second.
void runUntilStopped(Gateway& gateway, const sigset_t& signals) {
    while (true) {
        const timespec second{1, 0};
        const int signal = sigtimedwait(&signals, nullptr, &second);
        if (signal == SIGINT || signal == SIGTERM) return;
        if (signal == SIGHUP) gateway.reload();
        gateway.tick();
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
        const Settings settings = context.settings();
        openOperatingLog(settings.log_level);
        const sigset_t signals = ourSignals();
        pthread_sigmask(SIG_BLOCK, &signals, nullptr);
        signal(SIGPIPE, SIG_IGN);
        Gateway gateway(settings);
        say(fmt::format("caseway {} serves on https://{}:{}, health on http://{}:{}", settings.gateway_id,
                        settings.listen.address, gateway.port(), settings.listen.health_address, gateway.healthPort()));
        runUntilStopped(gateway, signals);
        gateway.stop();
    });
}

}  // namespace caseway
