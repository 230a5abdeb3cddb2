// gateway/daemon/report_settings.cpp - one reader each.
#include "gateway/daemon/report_settings.hpp"

#include "connectors/sdk/web_address.hpp"
#include "gateway/adapters/mail/mail_address.hpp"
#include "gateway/formats/settings/secret_reference.hpp"
#include "gateway/formats/zone/time_zone.hpp"
#include "gateway/report/report_words.hpp"

namespace caseway {

std::optional<std::chrono::minutes> timeOfDay(std::string_view text) {
    const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9' ? text[at] - '0' : 99; };
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    const int hours = digit(0) * 10 + digit(1), minutes = digit(3) * 10 + digit(4);
    if (hours > 23 || minutes > 59) return std::nullopt;
    return std::chrono::hours(hours) + std::chrono::minutes(minutes);
}

std::string mistakeInZone(const std::string& value) {
    return TimeZone::find(value) ? "" : "a zone of the IANA database, such as Asia/Shanghai";
}

std::string mistakeInLanguage(const std::string& value) {
    return reportLanguageNamed(value) ? "" : "zh or en";
}

std::string mistakeInTimeOfDay(const std::string& value) {
    return value.empty() || timeOfDay(value) ? "" : "HH:MM, such as 07:30, or nothing";
}

std::string mistakeInMailServer(const std::string& value) {
    const auto server = MailServer::parse(value);
    return value.empty() || server ? "" : server.error().rule;
}

std::string mistakeInMailAddress(const std::string& value) {
    const auto address = parseMailAddress(value);
    return value.empty() || address ? "" : address.error().rule;
}

std::string mistakeInMailAddresses(const std::string& value) {
    const auto addresses = parseMailAddresses(value);
    return addresses ? "" : addresses.error().rule;
}

std::string mistakeInSecretName(const std::string& value) {
    return value.empty() || SecretReference::parse(value) ? ""
                                                          : "the name of a secret: store:NAME, file:NAME or env:NAME";
}

std::string mistakeInWebhook(const std::string& value) {
    const auto address = parseWebAddress(value);
    return value.empty() || (address && address->scheme == "https") ? ""
                                                                    : "an https:// address without user and password";
}

}  // namespace caseway
