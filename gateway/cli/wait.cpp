// gateway/cli/wait.cpp - `caseway wait`: until a gateway is ready, for scripts.
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include "gateway/base/fault.hpp"
#include "gateway/cli/command.hpp"
#include "gateway/cli/https_client.hpp"

namespace caseway {
namespace {

struct WaitArguments {
    std::string url{};  ///< empty: of the configuration
    unsigned seconds = 20;
    bool quiet = false;
};

using Time = std::chrono::steady_clock::time_point;

/// Asks once, and waits for the answer no longer than `end`: a server that drips would be listened to for ever.
bool isReady(const std::string& url, Time end) {
    try {
        const std::size_t path = url.find('/', url.find("//") + 2);
        const auto left = std::chrono::ceil<std::chrono::seconds>(end - std::chrono::steady_clock::now());
        return exchange({url.substr(0, path), {}, {}, {}, std::max(left, std::chrono::seconds(1))}, "GET",
                        path == std::string::npos ? "/" : url.substr(path), {})
                   .status == 200;
    } catch (const Fault&) {
        return false;
    }
}

/// The readiness address that the configuration names. A listener on all addresses is asked on the loopback one.
std::string configuredUrl(const Settings& settings) {
    const ListenerSettings& listen = settings.listen;
    if (listen.health_port == 0)
        throw Fault(
            FaultCode::ConfigurationBad, "listen.health_port = 0: the gateway takes any free port at each start",
            "its first line says which (health on http://HOST:PORT): --url http://HOST:PORT/readyz; or give it a "
            "port of its own");
    std::string host = listen.health_address;
    if (host.empty() || host == "0.0.0.0") host = "127.0.0.1";
    if (host == "::") host = "::1";
    if (host.find(':') != std::string::npos) host = "[" + host + "]";
    return "http://" + host + ":" + std::to_string(listen.health_port) + "/readyz";
}

void wait(WaitArguments arguments, CommandContext& context) {
    if (arguments.url.empty()) arguments.url = configuredUrl(context.settings());
    if (!arguments.url.starts_with("http://") && !arguments.url.starts_with("https://"))
        throw Fault(FaultCode::ConfigurationBad, "no address to ask: " + arguments.url,
                    "write --url http://HOST:PORT/readyz, or leave it out: the configuration names it");
    std::mutex mutex;
    std::condition_variable pause;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(arguments.seconds);
    while (!isReady(arguments.url, end)) {
        if (std::chrono::steady_clock::now() >= end) {
            sayError("not ready after " + std::to_string(arguments.seconds) + " s: " + arguments.url,
                     "look whether the gateway runs there (listen.health_port), and read its log");
            context.exit_code = kRefused;
            return;
        }
        std::unique_lock lock(mutex);
        pause.wait_for(lock, std::chrono::milliseconds(50));
    }
    if (!arguments.quiet) say("ready");
}

}  // namespace

void addWaitCommand(CLI::App& program, CommandContext& context) {
    CLI::App* command = program.add_subcommand("wait", "wait until a gateway is ready");
    const auto arguments = std::make_shared<WaitArguments>();
    command
        ->add_option("--url", arguments->url,
                     "its readiness address (default: of listen.health_address and health_port of the configuration)")
        ->type_name("URL");
    command->add_option("--seconds", arguments->seconds, "at most this long")->capture_default_str();
    command->add_flag("--quiet", arguments->quiet, "say nothing when it is");
    addCommonOptions(*command, context,
                     "  caseway wait --data data --seconds 20\n  caseway wait --url http://127.0.0.1:8444/readyz");
    command->callback([arguments, &context] { wait(*arguments, context); });
}

}  // namespace caseway
