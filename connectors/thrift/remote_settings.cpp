// connectors/thrift/remote_settings.cpp - the schema, and what no schema says.
#include "connectors/thrift/remote_settings.hpp"

#include <algorithm>

#include "connectors/sdk/http_settings.hpp"

namespace caseway {
namespace {

constexpr const char* kSchema =
    R"({"type":"object","additionalProperties":false,"required":["host","port"],"properties":{
"host":{"type":"string","minLength":1,"maxLength":253,"title":"Server","description":"name or address",
  "examples":["exchange.example"]},
"port":{"type":"integer","minimum":1,"maximum":65535,"title":"Port","description":"of the Thrift service, TLS","examples":[9790]},
"remote":{"type":"object","additionalProperties":true,"title":"Its settings",
  "description":"names and values for the other side's open(), as its operator says; secrets belong into remote_secrets"},
"remote_secrets":{"type":"object","additionalProperties":{"format":"secret"},"title":"Its secrets",
  "description":"further members of what open() gets, by reference"},
"tls":{"type":"object","additionalProperties":false,"description":"TLS 1.2 or newer, always checked","properties":{
  "authorities":{"type":"string",
    "description":"certificates to trust, PEM: authorities, or the server's own; absent: those of the operating system"},
  "public_keys":{"type":"array","items":{"type":"string"},"maxItems":20,"default":[],
    "description":"sha256//… of public keys: the server must have one of them, besides"},
  "server_name":{"type":"string","maxLength":253,"description":"that the server's certificate bears; absent: host"},
  "certificate":{"type":"string","description":"our certificate for this department, PEM"},
  "key":{"format":"secret","description":"its key, PEM"},
  "key_password":{"format":"secret","description":"of the key, where it is encrypted"}}},
"proxy":{"type":"object","additionalProperties":false,"description":"absent: none; the environment's is never used","properties":{
  "url":{"type":"string","description":"http://host:port","examples":["http://proxy.example:3128"]},
  "user":{"type":"string","description":"of the proxy"},
  "password":{"format":"secret","description":"of the proxy"}}},
"timeout_seconds":{"type":"integer","minimum":1,"maximum":3600,"default":30,"title":"Longest silence",
  "description":"while it connects, and while an answer is awaited"},
"rate":{"type":"number","minimum":0,"maximum":1000,"default":0,"title":"Calls a second","description":"0: as fast as it goes"},
"page_mib":{"type":"integer","minimum":1,"maximum":1024,"default":256,"title":"Largest page","description":"in MiB"}}})";

bool isHostName(const std::string& name) {
    const auto is_odd = [](unsigned char c) {
        return c <= 0x20 || c == 0x7F || c == '/' || c == '@' || c == '?' || c == '#' || c == '[' || c == ']';
    };
    return !name.empty() && std::none_of(name.begin(), name.end(), is_odd) &&
           parseWebAddress("https://" + bracketed(name) + ":1/").has_value();
}

bool isKeyPin(const std::string& pin) {
    constexpr std::string_view kBegin = "sha256//";
    constexpr std::size_t kDigestChars = 44;  // of base64
    return pin.starts_with(kBegin) && pin.size() == kBegin.size() + kDigestChars && pin.back() == '=' &&
           pin.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") == pin.size() - 1;
}

HttpDialing readTlsDialing(const SettingsTree& settings) {
    const SettingsTree tls = settings.in("tls"), proxy = settings.in("proxy");
    HttpDialing dialing = readTlsAndProxy(settings);
    dialing.connect_time = std::chrono::seconds(settings.number("timeout_seconds"));
    if (dialing.certificate.empty() != dialing.key.empty())
        tls.refuse(dialing.key.empty() ? "key" : "certificate", "is missing, and its other half is there",
                   "give `tls.certificate` and `tls.key` together");
    if (!dialing.proxy.empty()) readAddress(proxy, "url");
    return dialing;
}

/// `remote` with the members of `remote_secrets`.
std::string readRemote(const SettingsTree& settings) {
    const SettingsTree remote = settings.in("remote"), secrets = settings.in("remote_secrets");
    std::string json = settings.has("remote") ? settings.json("remote") : "{}";
    for (const std::string& name : secrets.names()) {
        if (remote.has(name)) secrets.refuse(name, "stands in `remote` too", "take one of them out");
        json.pop_back();
        if (json.back() != '{') json += ',';
        appendJsonString(name, json);
        json += ':';
        appendJsonString(secrets.text(name), json);
        json += '}';
    }
    return json;
}

}  // namespace

std::string remoteSettingsSchema() {
    return kSchema;
}

RemoteSettings readRemoteSettings(const std::string& json) {
    const SettingsTree settings = SettingsTree::read(json, kSchema);
    const SettingsTree tls = settings.in("tls");
    RemoteSettings read;
    read.peer = {settings.text("host"), static_cast<std::uint16_t>(settings.number("port")), tls.text("server_name"),
                 tls.texts("public_keys")};
    if (!isHostName(read.peer.host))
        settings.refuse("host", "is no name or address of a host", "write the name alone; the port stands in port");
    if (!read.peer.server_name.empty() && !isHostName(read.peer.server_name))
        tls.refuse("server_name", "is no name of a host", "write the name that stands in the server's certificate");
    for (const std::string& pin : read.peer.public_keys)
        if (!isKeyPin(pin))
            tls.refuse("public_keys", "has one that is not sha256// and 44 characters of base64",
                       "the connector's README.md has the command that shows it");
    read.dialing = readTlsDialing(settings);
    read.remote = readRemote(settings);
    read.calls_per_second = settings.decimal("rate");
    read.page_bytes = static_cast<std::uint64_t>(settings.number("page_mib")) << 20;
    return read;
}

}  // namespace caseway
