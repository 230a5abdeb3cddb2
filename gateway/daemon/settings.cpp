// gateway/daemon/settings.cpp - one table of keys serves reading, writing and the check of the sample.
#include "gateway/daemon/settings.hpp"

#include <Poco/AutoPtr.h>
#include <Poco/Exception.h>
#include <Poco/NumberParser.h>
#include <Poco/StringTokenizer.h>
#include <Poco/Util/PropertyFileConfiguration.h>
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>

#include "gateway/base/fault.hpp"
#include "gateway/base/ids.hpp"

namespace caseway {
namespace {

/// One key: how its text becomes a value and back. `read` returns what was expected where the text does not fit, else
/// nothing.
struct Key {
    std::string name;
    std::function<std::string(Settings&, const std::string&)> read;
    std::function<std::string(const Settings&)> write;
};

Key text(std::string name, std::string Settings::*member) {
    return {std::move(name),
            [member](Settings& settings, const std::string& value) {
                settings.*member = value;
                return value.empty() ? std::string("a value") : std::string();
            },
            [member](const Settings& settings) { return settings.*member; }};
}

template <class Access>
Key number(std::string name, std::uint64_t least, std::uint64_t most, Access access) {
    return {std::move(name),
            [=](Settings& settings, const std::string& value) {
                Poco::UInt64 number = 0;
                if (!Poco::NumberParser::tryParseUnsigned64(value, number) || number < least || number > most)
                    return fmt::format("a whole number from {} to {}", least, most);
                auto& target = access(settings);
                target = std::decay_t<decltype(target)>(number);
                return std::string();
            },
            [=](const Settings& settings) {
                const auto& value = access(const_cast<Settings&>(settings));
                if constexpr (requires { value.count(); })
                    return fmt::format("{}", value.count());
                else
                    return fmt::format("{}", value);
            }};
}

Key requiredFields() {
    return {"required.fields",
            [](Settings& settings, const std::string& value) {
                const Poco::StringTokenizer names(
                    value, ",", Poco::StringTokenizer::TOK_TRIM | Poco::StringTokenizer::TOK_IGNORE_EMPTY);
                settings.required_fields.assign(names.begin(), names.end());
                return std::string();
            },
            [](const Settings& settings) { return fmt::format("{}", fmt::join(settings.required_fields, ",")); }};
}

std::vector<Key> identityKeys() {
    Key id = text("gateway.id", &Settings::gateway_id);
    id.read = [](Settings& settings, const std::string& value) {
        settings.gateway_id = value;
        return SystemId::parse(value) ? std::string()
                                      : std::string("department/system, lower-case letters, digits, _ and -");
    };
    return {id,
            text("gateway.case_no_prefix", &Settings::case_no_prefix),
            text("tls.certificate", &Settings::tls_certificate),
            text("tls.key", &Settings::tls_key),
            text("log.key", &Settings::log_key),
            text("register.folder", &Settings::register_folder),
            text("mappings.folder", &Settings::mappings_folder),
            text("log.level", &Settings::log_level),
            requiredFields()};
}

std::vector<Key> listenerKeys() {
    auto address = [](std::string name, std::string ListenerSettings::*member) {
        return Key{std::move(name),
                   [member](Settings& settings, const std::string& value) {
                       settings.listen.*member = value;
                       return value.empty() ? std::string("an IP address") : std::string();
                   },
                   [member](const Settings& settings) { return settings.listen.*member; }};
    };
    return {
        address("listen.address", &ListenerSettings::address),
        address("listen.health_address", &ListenerSettings::health_address),
        number(
            "listen.port", 0, 65535, [](Settings & s) -> auto& { return s.listen.port; }),
        number(
            "listen.health_port", 0, 65535, [](Settings & s) -> auto& { return s.listen.health_port; }),
        number(
            "limits.connections", 16, 1000000, [](Settings & s) -> auto& { return s.listen.connections; }),
        number(
            "limits.head_seconds", 1, 3600, [](Settings & s) -> auto& { return s.listen.head; }),
        number(
            "limits.idle_seconds", 1, 86400, [](Settings & s) -> auto& { return s.listen.idle; }),
        number(
            "limits.requests_in_flight", 1, 1000000, [](Settings & s) -> auto& { return s.listen.requests_in_flight; }),
        number(
            "limits.requests_per_second_and_address", 0, 1000000,
            [](Settings & s) -> auto& { return s.listen.requests_per_second_and_address; })};
}

std::vector<Key> limitKeys() {
    constexpr std::uint64_t kGiB = 1024ULL * 1024 * 1024;
    return {
        number(
            "limits.tree_body_bytes", 1024, 100ULL * 1024 * 1024,
            [](Settings & s) -> auto& { return s.limits.tree_body_bytes; }),
        number(
            "limits.spool_above_bytes", 1024, kGiB, [](Settings & s) -> auto& { return s.limits.spool_above_bytes; }),
        number(
            "limits.http_body_bytes", 1024, 1024 * kGiB,
            [](Settings & s) -> auto& { return s.limits.http_body_bytes; }),
        number(
            "limits.depth", 8, 250, [](Settings & s) -> auto& { return s.limits.depth; }),
        number(
            "limits.record_bytes", 1024, kGiB, [](Settings & s) -> auto& { return s.limits.record_bytes; }),
        number(
            "limits.whole_document_bytes", 1024, kGiB,
            [](Settings & s) -> auto& { return s.limits.whole_document_bytes; }),
        number(
            "limits.field_bytes", 256, kGiB, [](Settings & s) -> auto& { return s.limits.field_bytes; }),
        number(
            "limits.refusals_kept", 1, 1000000, [](Settings & s) -> auto& { return s.limits.refusals_kept; }),
        number(
            "limits.ahead_minutes", 0, 1440, [](Settings & s) -> auto& { return s.limits.ahead; }),
        number(
            "limits.max_age_hours", 1, 87600, [](Settings & s) -> auto& { return s.limits.max_age; }),
        number(
            "limits.unauthenticated_kept_per_minute", 0, 10000,
            [](Settings & s) -> auto& { return s.unauthenticated_kept_per_minute; }),
        number(
            "workers", 0, 1024, [](Settings & s) -> auto& { return s.workers; })};
}

const std::vector<Key>& keys() {
    static const std::vector<Key> kKeys = [] {
        std::vector<Key> all = identityKeys();
        for (auto&& more : {listenerKeys(), limitKeys()}) all.insert(all.end(), more.begin(), more.end());
        std::sort(all.begin(), all.end(), [](const Key& a, const Key& b) { return a.name < b.name; });
        return all;
    }();
    return kKeys;
}

/// All leaf keys below `prefix`; Poco hands them out level by level.
void collect(const Poco::Util::AbstractConfiguration& configuration, const std::string& prefix,
             std::vector<std::string>& names) {
    Poco::Util::AbstractConfiguration::Keys children;
    configuration.keys(prefix, children);
    if (children.empty() && !prefix.empty()) names.push_back(prefix);
    for (const std::string& child : children)
        collect(configuration, prefix.empty() ? child : prefix + "." + child, names);
}

[[noreturn]] void bad(const std::filesystem::path& file, const std::string& what) {
    throw Fault(FaultCode::ConfigurationBad, file.string() + ": " + what,
                "config/caseway.properties shows every key with its default");
}

}  // namespace

std::filesystem::path Settings::path(const std::string& name) const {
    const std::filesystem::path given(name);
    return given.is_absolute() ? given : data / given;
}

Settings readSettings(const std::filesystem::path& file, const std::filesystem::path& data) {
    Settings settings;
    if (!data.empty()) settings.data = data;
    if (file.empty()) return settings;
    try {
        const Poco::AutoPtr<Poco::Util::PropertyFileConfiguration> configuration(
            new Poco::Util::PropertyFileConfiguration(file.string()));
        std::vector<std::string> names;
        collect(*configuration, "", names);
        for (const std::string& name : names) {
            const auto key = std::find_if(keys().begin(), keys().end(),
                                          [&](const Key& candidate) { return candidate.name == name; });
            if (key == keys().end()) bad(file, "unknown key '" + name + "'");
            const std::string value = configuration->getRawString(name);
            const std::string expected = key->read(settings, value);
            if (!expected.empty()) bad(file, fmt::format("{} = '{}': expected {}", name, value, expected));
        }
    } catch (const Poco::Exception& e) {
        bad(file, e.displayText());
    }
    return settings;
}

std::vector<std::pair<std::string, std::string>> settingsAsText(const Settings& settings) {
    std::vector<std::pair<std::string, std::string>> all;
    for (const Key& key : keys()) all.emplace_back(key.name, key.write(settings));
    return all;
}

}  // namespace caseway
