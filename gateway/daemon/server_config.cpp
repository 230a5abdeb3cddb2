// gateway/daemon/server_config.cpp - doors and limits, by the settings.
#include "gateway/daemon/server_config.hpp"

#include <utility>

#include "gateway/base/fault.hpp"
#include "gateway/daemon/thrift_door.hpp"

namespace caseway {
namespace {

constexpr std::size_t kSocketPathMax = 107;  ///< sun_path

}  // namespace

HttpServerConfig serverConfigOf(const Settings& settings, std::function<void(std::string_view)> report_fault) {
    HttpServerConfig config;
    const ListenerSettings& listen = settings.listen;
    ListenerConfig departments;
    departments.name = "public";
    departments.address = listen.address;
    departments.port = listen.port;
    departments.certificate_file = settings.path(settings.tls_certificate).string();
    departments.key_file = settings.path(settings.tls_key).string();
    config.listeners.push_back(departments);
    ListenerConfig health;
    health.name = "health";
    health.address = listen.health_address;
    health.port = listen.health_port;
    health.limited = false;
    config.listeners.push_back(health);
    if (const auto thrift = addressAndPort(listen.thrift)) {
        ListenerConfig frames = departments;
        frames.name = ThriftDoor::kListener;
        frames.address = thrift->address;
        frames.port = thrift->port;
        frames.framing = Framing::Frames;
        frames.client_certificates = ClientCertificates::RequireAny;
        config.listeners.push_back(frames);
    }
    if (!settings.admin_socket.empty()) {
        ListenerConfig admin;
        admin.name = "admin";
        admin.unix_path = settings.path(settings.admin_socket).string();
        admin.limited = false;
        if (admin.unix_path.size() > kSocketPathMax)
            throw Fault(FaultCode::ConfigurationBad, "the path of the admin socket is too long: " + admin.unix_path,
                        "set admin.socket to a shorter one, such as /run/caseway/admin.sock");
        config.listeners.push_back(admin);
    }
    config.limits.connections = listen.connections;
    config.limits.in_flight = listen.requests_in_flight;
    config.limits.connections_of_address = listen.connections_of_address;
    config.limits.in_flight_of_address = listen.requests_in_flight_of_address;
    config.limits.inline_total_bytes = listen.memory_body_bytes;
    config.limits.inline_bytes_of_address = listen.memory_body_bytes_of_address;
    config.limits.answer_total_bytes = listen.memory_body_bytes;
    config.limits.answer_bytes_of_address = listen.memory_body_bytes_of_address;
    config.limits.head_time = listen.head;
    config.limits.idle_time = listen.idle;
    config.limits.requests_per_second = listen.requests_per_second_and_address;
    config.workers = settings.workers;
    config.report_fault = std::move(report_fault);
    return config;
}

}  // namespace caseway
