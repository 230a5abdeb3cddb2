// connectors/sdk/http_settings.cpp - the schema of what connectors over HTTP share, and its reading.
#include "connectors/sdk/http_settings.hpp"

#include <algorithm>

namespace caseway {

const std::string kHttpSettingsMembers = R"(
"auth":{"type":"object","additionalProperties":false,"description":"who we are to the other side","properties":{
  "kind":{"type":"string","enum":["none","basic","bearer","field","parameter","oauth2"],"default":"none",
    "description":"basic: user and password; bearer: token; field, parameter: token under that name; oauth2: client credentials"},
  "user":{"type":"string","description":"of basic"},
  "password":{"format":"secret","description":"of basic"},
  "token":{"format":"secret","description":"of bearer, field and parameter"},
  "field":{"type":"string","default":"X-Api-Key","description":"of field and parameter: the name"},
  "token_url":{"type":"string","description":"of oauth2: where tokens are given"},
  "client_id":{"type":"string","description":"of oauth2"},
  "client_secret":{"format":"secret","description":"of oauth2"},
  "scope":{"type":"string","description":"of oauth2; may be absent"}}},
"tls":{"type":"object","additionalProperties":false,"description":"TLS 1.2 or newer, always checked","properties":{
  "authorities":{"type":"string","description":"certificates of the authorities to trust, PEM; absent: those of the operating system"},
  "certificate":{"type":"string","description":"our certificate for this department, PEM"},
  "key":{"format":"secret","description":"its key, PEM"},
  "key_password":{"format":"secret","description":"of the key, where it is encrypted"}}},
"proxy":{"type":"object","additionalProperties":false,"description":"absent: none; the environment's is never used","properties":{
  "url":{"type":"string","description":"http://host:port","examples":["http://proxy.example:3128"]},
  "user":{"type":"string","description":"of the proxy"},
  "password":{"format":"secret","description":"of the proxy"}}},
"limits":{"type":"object","additionalProperties":false,"description":"of one request","properties":{
  "connect_seconds":{"type":"integer","minimum":1,"maximum":600,"default":10,"description":"until the connection stands"},
  "total_seconds":{"type":"integer","minimum":1,"maximum":3600,"default":60,"description":"from the first byte to the last"},
  "slow_seconds":{"type":"integer","minimum":1,"maximum":600,"default":30,"description":"so long with less than 10 bytes a second ends it"},
  "answer_bytes":{"type":"integer","minimum":1024,"maximum":67108864,"default":16777216,
    "description":"largest answer, also after decompression"},
  "redirects":{"type":"integer","minimum":0,"maximum":10,"default":3,"description":"followed; never from https to http"},
  "requests_per_second":{"type":"number","minimum":0,"maximum":1000,"default":0,"description":"0: as fast as it goes"}}},
"fields":{"type":"object","additionalProperties":{"type":"string"},
  "description":"fields of each request; a secret belongs into auth: kind field, this name as field"})";

namespace {

std::chrono::seconds secondsOf(const SettingsTree& settings, const char* name) {
    return std::chrono::seconds(settings.number(name));
}

}  // namespace

HttpDialing readTlsAndProxy(const SettingsTree& settings) {
    const SettingsTree tls = settings.in("tls"), proxy = settings.in("proxy");
    HttpDialing dialing;
    dialing.authorities = tls.text("authorities");
    dialing.certificate = tls.text("certificate");
    dialing.key = tls.text("key");
    dialing.key_password = tls.text("key_password");
    dialing.proxy = proxy.text("url");
    dialing.proxy_user = proxy.text("user");
    dialing.proxy_password = proxy.text("password");
    return dialing;
}

HttpDialing readDialing(const SettingsTree& settings) {
    const SettingsTree limits = settings.in("limits");
    HttpDialing dialing = readTlsAndProxy(settings);
    dialing.connect_time = secondsOf(limits, "connect_seconds");
    dialing.total_time = secondsOf(limits, "total_seconds");
    dialing.slow_time = secondsOf(limits, "slow_seconds");
    dialing.answer_bytes = static_cast<std::uint64_t>(limits.number("answer_bytes"));
    dialing.redirects = static_cast<std::uint32_t>(limits.number("redirects"));
    dialing.requests_per_second = limits.decimal("requests_per_second");
    return dialing;
}

HttpFields readFields(const SettingsTree& settings) {
    HttpFields fields;
    const SettingsTree given = settings.in("fields");
    for (const std::string& name : given.names()) {
        const std::string value = given.text(name);
        if (!isSettableField(name) || !isFieldValue(value))
            given.refuse(name, "this field cannot be set", "give another field, without line breaks");
        fields.emplace_back(name, value);
    }
    return fields;
}

WebAddress readAddress(const SettingsTree& settings, const std::string& name) {
    const auto address = parseWebAddress(settings.text(name));
    if (!address)
        settings.refuse(name, "no http or https address without user and password", "write https://host/path");
    return *address;
}

bool isSettableField(const std::string& name) {
    static constexpr const char* kOurs[] = {
        "host", "content-length", "transfer-encoding", "connection",         "expect", "accept-encoding",
        "te",   "upgrade",        "user-agent",        "proxy-authorization"};
    const bool is_token = !name.empty() && name.size() <= 100 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
    std::string lower = name;
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return is_token && std::find(std::begin(kOurs), std::end(kOurs), lower) == std::end(kOurs);
}

bool isFieldValue(const std::string& value) {
    return value.size() <= 8 * 1024 && std::none_of(value.begin(), value.end(), [](char c) {
               return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
           });
}

}  // namespace caseway
