// gateway/adapters/net/destination_list.cpp - see the header.
#include "gateway/adapters/net/destination_list.hpp"

#include <algorithm>
#include <charconv>

#include "gateway/formats/text/lower_case.hpp"

namespace caseway {
namespace {

/// A name as DNS has it, one that no library reads as a number: its last label begins with a letter.
bool isHostName(std::string_view name) {
    if (name.empty() || name.size() > 253) return false;
    const bool has_good_letters = std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    });
    const std::size_t dot = name.rfind('.');
    const std::string_view last = name.substr(dot == std::string_view::npos ? 0 : dot + 1);
    return has_good_letters && !last.empty() && last.front() >= 'a' && last.front() <= 'z' && name.front() != '.';
}

std::string plainHost(std::string_view host) {
    std::string plain = lowerCase(host);
    if (plain.size() > 1 && plain.ends_with('.')) plain.pop_back();
    return plain;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

/// Takes ":443" off the end; false where it is no port. What has several colons and no bracket is an IPv6 address.
bool takePort(std::string_view& text, std::uint16_t& port) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return true;
    const bool is_bracketed = text.front() == '[';
    if (is_bracketed ? text[colon - 1] != ']' : text.find(':') != colon) return true;
    const std::string_view digits = text.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    text = text.substr(0, colon);
    return error == std::errc() && end == digits.data() + digits.size() && port != 0;
}

}  // namespace

Result<DestinationList> DestinationList::parse(std::string_view text, std::vector<IpAddress> own) {
    DestinationList list;
    list.own_ = std::move(own);
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        const std::string_view item = trimmed(text.substr(0, comma));
        text.remove_prefix(std::min(comma + 1, text.size()));
        if (item.empty()) continue;
        const Refusal bad{"destination_list_bad",
                          "connectors.destinations",
                          std::string(item),
                          "host, *.suffix, an address or a range such as 10.1.0.0/16, each perhaps with :port",
                          "correct this entry",
                          {}};
        Entry entry;
        std::string_view rest = item;
        if (!takePort(rest, entry.port) || rest.empty()) return bad;
        if (rest.front() == '[' && rest.back() == ']') rest = rest.substr(1, rest.size() - 2);
        if (const auto range = IpRange::parse(rest)) {
            entry.range = *range;
        } else {
            const bool is_suffix = rest.starts_with("*.");
            const std::string host = plainHost(rest.substr(is_suffix ? 2 : 0));
            if (!isHostName(host)) return bad;
            entry.name = is_suffix ? "." : "";
            entry.name += host;
        }
        list.entries_.push_back(std::move(entry));
    }
    return list;
}

bool DestinationList::allows(const Entry& entry, const std::string& host, const IpAddress& address) const {
    if (entry.name.empty()) {
        const bool is_named = entry.range.bits() == 128;
        return entry.range.contains(address) && (!address.isSpecial() || entry.range.isSpecial()) &&
               (!isOwn(address) || is_named || entry.range.isSpecial());
    }
    const bool is_named = entry.name.front() == '.' ? host.ends_with(entry.name) : host == entry.name;
    return is_named &&
           ((!address.isSpecial() && !isOwn(address)) || (address.isSpecial() && entry.name == "localhost"));
}

bool DestinationList::isOwn(const IpAddress& address) const {
    return std::find(own_.begin(), own_.end(), address) != own_.end();
}

std::string DestinationList::whyNot(const std::string& host, const std::string& address, std::uint16_t port) const {
    const auto parsed = IpAddress::parse(address);
    if (!parsed) return "the address is not written in its plain numeric form";
    const std::string plain = plainHost(host);
    const auto literal = IpAddress::parse(plain);
    if (!literal && !isHostName(plain)) return "the host is neither a name nor an address in its plain numeric form";
    if (literal && *literal != *parsed) return "the host is another address than the one that would be dialed";
    if (port == 0) return "port 0 is none";
    const bool may = std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
        return (entry.port == 0 || entry.port == port) && allows(entry, plain, *parsed);
    });
    if (may) return {};
    if (parsed->isSpecial() || isOwn(*parsed))
        return "it is an address of this machine or of its link, and is not named as such";
    return entries_.empty() ? "no destination is allowed yet" : "it is not on the list";
}

int DestinationList::nearness(const std::string& address, std::uint16_t port) const {
    const auto parsed = IpAddress::parse(address);
    int nearest = 0;
    if (!parsed) return nearest;
    for (const Entry& entry : entries_) {
        const bool names_it = entry.name.empty() && allows(entry, {}, *parsed);
        if (!names_it || (entry.port != 0 && entry.port != port)) continue;
        nearest = std::max(nearest, 2 * (entry.range.bits() + 1) + (entry.port != 0 ? 1 : 0));
    }
    return nearest;
}

}  // namespace caseway
