// connectors/sftp/sftp.cpp - settings to an exchange folder over SFTP.
#include "connectors/sftp/sftp.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "connectors/sdk/host_lookup.hpp"
#include "connectors/sftp/host_key_pin.hpp"
#include "connectors/sftp/sftp_files.hpp"

namespace caseway {
namespace {

constexpr const char* kSchema = R"(
"host": {"type": "string", "minLength": 1, "maxLength": 253, "title": "Server", "description": "Name or address.",
  "examples": ["sftp.example"]},
"port": {"type": "integer", "minimum": 1, "maximum": 65535, "default": 22, "title": "Port", "description": "Of the SSH server."},
"user": {"type": "string", "minLength": 1, "maxLength": 100, "title": "User", "description": "Who logs in.", "examples": ["caseway"]},
"password": {"type": "string", "format": "secret", "title": "Password", "description": "Of the user; with key, both are tried.",
  "examples": [{"secret": "file:housing-sftp-password"}]},
"key": {"type": "string", "format": "secret", "title": "Private key",
  "description": "The text of the file as ssh-keygen writes it: Ed25519, ECDSA or RSA.",
  "examples": [{"secret": "file:housing-sftp-key"}]},
"key_passphrase": {"type": "string", "format": "secret", "title": "Passphrase", "description": "Of the private key."},
"host_keys": {"type": "array", "maxItems": 20, "items": {"type": "string", "minLength": 1, "maxLength": 4000}, "default": [],
  "title": "Keys of the server",
  "description": "Fingerprints (SHA256:…) or lines (ssh-ed25519 AAAA…). Another server is not talked to; the fault names its key.",
  "examples": [["SHA256:Xc0h1vOYl4GmHqVgE0yPDIxB0aYxZoJ6p3rCUVg2zVg"]]},
"connect_timeout_seconds": {"type": "integer", "minimum": 1, "maximum": 300, "default": 10, "title": "Time to connect",
  "description": "Over all addresses of the name."},
"timeout_seconds": {"type": "integer", "minimum": 1, "maximum": 3600, "default": 30, "title": "Longest silence",
  "description": "A server that does not answer for so long is cut off."},
"proxy": {"type": "string", "maxLength": 300, "title": "Proxy",
  "description": "http://host:port (CONNECT) or socks5://host:port. Not given: none, whatever the environment says.",
  "examples": ["http://proxy.example:3128", "socks5://proxy.example:1080"]},
"proxy_user": {"type": "string", "maxLength": 100, "title": "User of the proxy", "description": "Where the proxy asks for one."},
"proxy_password": {"type": "string", "format": "secret", "title": "Password of the proxy", "description": "Of that user.",
  "examples": [{"secret": "file:proxy-password"}]},
"files_per_second": {"type": "integer", "minimum": 0, "maximum": 1000, "default": 0, "title": "Most files a second",
  "description": "Opened or written; 0: as fast as it goes."},
"kib_per_second": {"type": "integer", "minimum": 0, "maximum": 1048576, "default": 0, "title": "Most KiB a second",
  "description": "Of what is read; 0: as fast as it goes."},
)";

SshSettings readSsh(FlatSettings& given) {
    SshSettings ssh;
    ssh.host = given.text("host");
    ssh.port = static_cast<std::uint16_t>(given.number("port", 22, 1, 65535));
    ssh.user = given.text("user");
    ssh.password = given.text("password", "");
    ssh.key = given.text("key", "");
    ssh.key_passphrase = given.text("key_passphrase", "");
    ssh.host_keys = given.texts("host_keys", {});
    ssh.connect_timeout = std::chrono::seconds(given.number("connect_timeout_seconds", 10, 1, 300));
    ssh.silence_timeout = std::chrono::seconds(given.number("timeout_seconds", 30, 1, 3600));
    ssh.proxy = {given.text("proxy", ""), given.text("proxy_user", ""), given.text("proxy_password", "")};
    ssh.files_per_second = given.number("files_per_second", 0, 0, 1000);
    ssh.bytes_per_second = given.number("kib_per_second", 0, 0, 1048576) * 1024;
    if (const auto mistake = mistakeInProxy(ssh.proxy.url))
        FlatSettings::bad("proxy", *mistake,
                          "write one of these; user and password stand in proxy_user, proxy_password");
    if (ssh.proxy.url.empty() && !(ssh.proxy.user.empty() && ssh.proxy.password.empty()))
        FlatSettings::bad("proxy", "is missing, and its user or password is given", "give it, or take these out");
    const auto is_odd = [](unsigned char c) { return c <= 0x20 || c == 0x7F || c == '@' || c == '/'; };
    if (ssh.host.empty() || ssh.host.size() > 253 || bearsPort(ssh.host) ||
        std::any_of(ssh.host.begin(), ssh.host.end(), is_odd))
        FlatSettings::bad("host", "is no name or address of a host", "write the name alone; the port stands in port");
    if (ssh.user.empty() || ssh.user.size() > 100) FlatSettings::bad("user", "is empty or too long", "name the user");
    if (ssh.password.empty() && ssh.key.empty())
        FlatSettings::bad("key", "and password are both missing", "give one of them by reference");
    for (std::size_t i = 0; i < ssh.host_keys.size(); ++i) {
        auto read = hostKeyPin(ssh.host_keys[i]);
        if (!read)
            FlatSettings::bad(
                fmt::format("host_keys/{}", i),
                "is neither SHA256:… nor a line such as ssh-ed25519 AAAA…, so no server could ever show it",
                "take it out where others stand beside it, else put there what ssh-keygen -lf or "
                "ssh-keyscan shows, whole; a connector that is live with it: caseway connector set, test, "
                "activate");
        ssh.host_keys[i] = std::move(*read);
    }
    return ssh;
}

}  // namespace

SftpType::SftpType(WallClock now)
    : now_(std::move(now)),
      spec_(exchangeSpec("sftp", "Exchange folder (前置机) on another machine, over SFTP", kSchema,
                         R"(["host","user"])")) {}

std::unique_ptr<Connector> SftpType::open(const std::string& settings,
                                          const ConnectorSurroundings& surroundings) const {
    FlatSettings given(settings);
    SshSettings ssh = readSsh(given);
    ExchangeSettings exchange = readExchangeSettings(given);
    given.noMore();
    auto files =
        std::make_unique<SftpFiles>(std::move(ssh), surroundings,
                                    SftpFiles::Paths{exchange.folder, exchange.archive, exchange.error, exchange.out});
    return std::make_unique<ExchangeFolder>(std::move(exchange), surroundings, std::move(files), now_, broken_);
}

}  // namespace caseway
