// gateway/daemon/settings.cpp - one table of keys serves reading, writing and the check of the sample.
#include "gateway/daemon/settings.hpp"

#include <Poco/AutoPtr.h>
#include <Poco/Exception.h>
#include <Poco/Net/IPAddress.h>
#include <Poco/StringTokenizer.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <limits>

#include "gateway/adapters/net/destination_list.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/base/ids.hpp"
#include "gateway/daemon/each_once.hpp"
#include "gateway/daemon/key_place.hpp"
#include "gateway/daemon/opened_entries.hpp"
#include "gateway/daemon/report_settings.hpp"
#include "gateway/formats/text/near_word.hpp"

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
                // Digits alone: Poco's parser skips commas, so that 1,5 would be taken for 15.
                std::uint64_t number = 0;
                const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
                if (error != std::errc() || end != value.data() + value.size() || number < least || number > most)
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
                settings.required_fields.clear();
                for (const std::string& name : names)
                    if (std::find(settings.required_fields.begin(), settings.required_fields.end(), name) ==
                        settings.required_fields.end())
                        settings.required_fields.push_back(name);
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
    Key expired = text("register.expired_authorities", &Settings::expired_authorities);
    expired.read = [](Settings& settings, const std::string& value) {
        settings.expired_authorities = value;
        return value == "accept" || value == "refuse" ? std::string() : std::string("accept or refuse");
    };
    Key level = text("log.level", &Settings::log_level);
    level.read = [](Settings& settings, const std::string& value) {
        settings.log_level = value;
        constexpr std::string_view kLevels[] = {"none",   "fatal",       "critical", "error", "warning",
                                                "notice", "information", "debug",    "trace"};
        return std::find(std::begin(kLevels), std::end(kLevels), value) != std::end(kLevels)
                   ? std::string()
                   : fmt::format("{}", fmt::join(kLevels, ", "));
    };
    return {id,
            expired,
            level,
            text("gateway.case_no_prefix", &Settings::case_no_prefix),
            text("tls.certificate", &Settings::tls_certificate),
            text("tls.key", &Settings::tls_key),
            text("log.key", &Settings::log_key),
            text("register.folder", &Settings::register_folder),
            text("mappings.folder", &Settings::mappings_folder),
            text("admin.socket", &Settings::admin_socket),
            requiredFields()};
}

std::string destinationMistake(const std::string& entry) {
    const auto list = DestinationList::parse(entry);
    return list ? std::string() : list.error().rule + "; not '" + list.error().value + "'";
}

std::vector<Key> connectorKeys() {
    const auto plain = [](std::string name, std::string ConnectorAccess::*member, auto mistake) {
        return Key{std::move(name),
                   [=](Settings& settings, const std::string& value) {
                       settings.connectors.*member = value;
                       return mistake(value);
                   },
                   [member](const Settings& settings) { return settings.connectors.*member; }};
    };
    const auto list = [](const std::string& name, std::string ConnectorAccess::*member,
                         std::string (*mistake)(const std::string& entry)) {
        return Key{name,
                   [=](Settings& settings, const std::string& value) {
                       settings.connectors.*member = value;
                       const OpenedEntries entries = openedEntries(name, value);
                       settings.notices.insert(settings.notices.end(), entries.unowned.begin(), entries.unowned.end());
                       for (const OpenedEntry& entry : entries.all)
                           if (std::string expected = mistake(entry.text); !expected.empty()) return expected;
                       return std::string();
                   },
                   [member](const Settings& settings) { return settings.connectors.*member; }};
    };
    const auto any = [](const std::string&) { return std::string(); };
    return {list("connectors.destinations", &ConnectorAccess::destinations, destinationMistake),
            list("connectors.folders", &ConnectorAccess::folders,
                 [](const std::string& entry) {
                     return entry.starts_with('/') ? std::string() : "whole paths, from / on; not '" + entry + "'";
                 }),
            plain("connectors.secret_files", &ConnectorAccess::secret_files, any),
            list("connectors.secret_variables", &ConnectorAccess::secret_variables, any)};
}

std::vector<Key> pluginKeys() {
    const auto plain = [](std::string name, std::string PluginAccess::*member, auto mistake) {
        return Key{std::move(name),
                   [=](Settings& settings, const std::string& value) {
                       settings.plugins.*member = value;
                       return std::string(mistake(value));
                   },
                   [member](const Settings& settings) { return settings.plugins.*member; }};
    };
    const auto any = [](const std::string&) { return ""; };
    return {plain("connectors.plugins", &PluginAccess::folders, any),
            plain("connectors.run_as", &PluginAccess::run_as, any),
            plain("connectors.same_user", &PluginAccess::same_user, [](const std::string& value) {
                return value == "refuse" || value == "allow" ? "" : "refuse or allow";
            })};
}

std::vector<Key> reportKeys() {
    const auto plain = [](std::string name, std::string ReportAccess::*member, auto mistake) {
        return Key{"report." + std::move(name),
                   [=](Settings& settings, const std::string& value) {
                       settings.report.*member = value;
                       return std::string(mistake(value));
                   },
                   [member](const Settings& settings) { return settings.report.*member; }};
    };
    const auto any = [](const std::string&) { return ""; };
    return {plain("zone", &ReportAccess::zone, mistakeInZone),
            plain("language", &ReportAccess::language, mistakeInLanguage),
            number(
                "report.late_minutes", 1, 720, [](Settings & s) -> auto& { return s.report.late; }),
            number(
                "report.files_wait_hours", 1, 8784, [](Settings & s) -> auto& { return s.report.files_wait; }),
            plain("send_at", &ReportAccess::send_at, mistakeInTimeOfDay),
            plain("mail_server", &ReportAccess::mail_server, mistakeInMailServer),
            plain("mail_user", &ReportAccess::mail_user, any),
            plain("mail_password", &ReportAccess::mail_password, mistakeInSecretName),
            plain("mail_from", &ReportAccess::mail_from, mistakeInMailAddress),
            plain("mail_to", &ReportAccess::mail_to, mistakeInMailAddresses),
            plain("mail_authorities", &ReportAccess::mail_authorities, any),
            plain("webhook", &ReportAccess::webhook, mistakeInWebhook),
            plain("webhook_authorities", &ReportAccess::webhook_authorities, any)};
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
    const Key thrift{"listen.thrift",
                     [](Settings& settings, const std::string& value) {
                         settings.listen.thrift = value;
                         return value.empty() || addressAndPort(value) ? std::string()
                                                                       : std::string("ADDRESS:PORT, or nothing");
                     },
                     [](const Settings& settings) { return settings.listen.thrift; }};
    return {
        thrift,
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
            "limits.requests_in_flight_of_address", 1, 1000000,
            [](Settings & s) -> auto& { return s.listen.requests_in_flight_of_address; }),
        number(
            "limits.connections_of_address", 1, 1000000,
            [](Settings & s) -> auto& { return s.listen.connections_of_address; }),
        number(
            "limits.memory_body_bytes", 1024, 1ULL << 40,
            [](Settings & s) -> auto& { return s.listen.memory_body_bytes; }),
        number(
            "limits.memory_body_bytes_of_address", 1024, 1ULL << 40,
            [](Settings & s) -> auto& { return s.listen.memory_body_bytes_of_address; }),
        number(
            "limits.requests_per_second_and_address", 0, 1000000,
            [](Settings & s) -> auto& { return s.listen.requests_per_second_and_address; })};
}

std::vector<Key> syncKeys() {
    return {number(
                "sync.longest_run_hours", 1, 720, [](Settings & s) -> auto& { return s.sync.longest_run; }),
            number(
                "sync.runs_at_once", 1, 64, [](Settings & s) -> auto& { return s.sync.runs_at_once; }),
            number(
                "sync.circuit_failures", 0, 1000, [](Settings & s) -> auto& { return s.sync.circuit.failures; }),
            number(
                "sync.circuit_minutes", 1, 1440, [](Settings & s) -> auto& { return s.sync.circuit.wait; })};
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
            "limits.inline_records", 1, 1000000, [](Settings & s) -> auto& { return s.limits.inline_records; }),
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
            "limits.expression_steps", 10000, 1ULL << 40,
            [](Settings & s) -> auto& { return s.limits.expression_steps; }),
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
        for (auto&& more : {connectorKeys(), pluginKeys(), reportKeys(), listenerKeys(), limitKeys(), syncKeys()})
            all.insert(all.end(), more.begin(), more.end());
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

constexpr const char* kHint = "config/caseway.properties shows every key with its default";

[[noreturn]] void bad(const std::string& place, const std::string& what, const std::string& hint = kHint) {
    throw Fault(FaultCode::ConfigurationBad, place + ": " + what, hint);
}

/// Where a key is unknown: the one that is meant, perhaps.
std::string nearestKey(const std::string& name) {
    for (const char* sign : {"＝", "："})
        if (name.find(sign) != std::string::npos)
            return std::string("a full-width ") + sign + " stands there: write = in half width";
    std::vector<std::string_view> names;
    for (const Key& key : keys()) names.push_back(key.name);
    return hintOfNearest(name, names, kHint);
}

}  // namespace

std::filesystem::path Settings::path(const std::string& name) const {
    const std::filesystem::path given(name);
    return given.is_absolute() ? given : data / given;
}

std::optional<AddressAndPort> addressAndPort(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    std::string_view address = text.substr(0, colon);
    const bool is_bracketed = address.starts_with('[') && address.ends_with(']');
    if (is_bracketed) address = address.substr(1, address.size() - 2);
    AddressAndPort found{std::string(address), 0};
    const std::string_view port = text.substr(colon + 1);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), found.port);
    Poco::Net::IPAddress numeric;
    const bool is_good = error == std::errc() && end == port.data() + port.size() &&
                         Poco::Net::IPAddress::tryParse(found.address, numeric) &&
                         is_bracketed == (numeric.family() == Poco::Net::AddressFamily::IPv6);
    return is_good ? std::optional(std::move(found)) : std::nullopt;
}

Settings readSettings(const std::filesystem::path& file, const std::filesystem::path& data) {
    Settings settings;
    if (!data.empty()) settings.data = data;
    if (file.empty()) return settings;
    try {
        Poco::AutoPtr<EachOnce> configuration(new EachOnce);
        configuration->loadFile(file.string());
        if (!configuration->twice.empty())
            bad(file.string(), "'" + configuration->twice + "' stands twice",
                "write it once; where it is a list, all entries on one line");
        std::vector<std::string> names;
        collect(*configuration, "", names);
        for (const std::string& name : names) {
            const auto key = std::find_if(keys().begin(), keys().end(),
                                          [&](const Key& candidate) { return candidate.name == name; });
            if (key == keys().end()) {
                auto former = formerKey(name);
                if (former) former->where = placeOf(file, name) + " " + former->where;
                if (!former) bad(placeOf(file, name), "unknown key '" + name + "'", nearestKey(name));
                settings.notices.push_back(std::move(*former));
                continue;
            }
            const std::string value = configuration->getRawString(name);
            const std::size_t told = settings.notices.size();
            const std::string expected = key->read(settings, value);
            for (std::size_t i = told; i < settings.notices.size(); ++i)
                settings.notices[i].where = placeOf(file, name) + " " + settings.notices[i].where;
            if (!expected.empty())
                bad(placeOf(file, name), fmt::format("{} = '{}': expected {}", name, value, expected));
        }
    } catch (const Poco::Exception& e) {
        bad(file.string(), e.displayText());
    }
    return settings;
}

std::vector<std::pair<std::string, std::string>> settingsAsText(const Settings& settings) {
    std::vector<std::pair<std::string, std::string>> all;
    for (const Key& key : keys()) all.emplace_back(key.name, key.write(settings));
    return all;
}

}  // namespace caseway
