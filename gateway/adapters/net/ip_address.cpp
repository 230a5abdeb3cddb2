// gateway/adapters/net/ip_address.cpp - by inet_pton, which takes the strict forms alone.
#include "gateway/adapters/net/ip_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string>

namespace caseway {
namespace {

using Bytes = std::array<std::uint8_t, 16>;

constexpr Bytes kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0};

bool agrees(const Bytes& a, const Bytes& b, int bits) {
    const auto whole = static_cast<std::size_t>(bits / 8);
    if (!std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(whole), b.begin())) return false;
    const int rest = bits % 8;
    return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

struct Block {
    const char* base;
    int bits;
};
/// As the 16 bytes have them; IPv4 below ::ffff:0:0/96.
constexpr Block kSpecial[] = {
    {"::ffff:0.0.0.0", 96 + 8},
    {"::ffff:127.0.0.0", 96 + 8},
    {"::ffff:169.254.0.0", 96 + 16},
    {"::ffff:192.0.0.0", 96 + 24},
    {"::ffff:224.0.0.0", 96 + 4},
    {"::ffff:240.0.0.0", 96 + 4},
    {"::ffff:100.100.100.200", 128},  // a metadata service
    {"::", 128},
    {"::1", 128},
    {"fe80::", 10},
    {"ff00::", 8},
    {"fd00:ec2::254", 128},
    {"fec0::", 10},
    {"64:ff9b:1::", 48}};  // a local NAT64: which bytes wrap the address, only its owner knows

Bytes bytesOf(const char* text) {
    Bytes bytes{};
    ::inet_pton(AF_INET6, text, bytes.data());
    return bytes;
}

/// The IPv4 address that an IPv6 address only wraps.
std::optional<Bytes> unwrapped(const Bytes& bytes) {
    static const Bytes kNat64 = bytesOf("64:ff9b::"), k6to4 = bytesOf("2002::"), kCompatible = bytesOf("::");
    Bytes out = kMapped;
    const auto take = [&](std::size_t from) {
        std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(from), 4, out.begin() + 12);
        return out;
    };
    if (agrees(bytes, kNat64, 96)) return take(12);
    if (agrees(bytes, k6to4, 16)) return take(2);
    const bool is_tiny = agrees(bytes, kCompatible, 112);  // :: and ::1 are addresses of their own
    if (agrees(bytes, kCompatible, 96) && !is_tiny) return take(12);
    return std::nullopt;
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    if (text.size() > 2 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
    if (text.size() > 45) return std::nullopt;
    const std::string copy(text);
    if (copy.find('\0') != std::string::npos) return std::nullopt;
    IpAddress address;
    address.bytes_ = kMapped;
    if (::inet_pton(AF_INET, copy.c_str(), address.bytes_.data() + 12) == 1) return address;
    if (::inet_pton(AF_INET6, copy.c_str(), address.bytes_.data()) != 1) return std::nullopt;
    if (const auto inner = unwrapped(address.bytes_)) address.bytes_ = *inner;
    return address;
}

bool IpAddress::isV4() const {
    return agrees(bytes_, kMapped, 96);
}

bool IpAddress::isSpecial() const {
    return std::any_of(std::begin(kSpecial), std::end(kSpecial),
                       [this](const Block& block) { return agrees(bytes_, bytesOf(block.base), block.bits); });
}

std::optional<IpRange> IpRange::parse(std::string_view text) {
    const std::size_t slash = text.find('/');
    const auto base = IpAddress::parse(text.substr(0, slash));
    if (!base) return std::nullopt;
    IpRange range;
    range.base_ = *base;
    if (slash == std::string_view::npos) return range;
    const std::string_view digits = text.substr(slash + 1);
    const bool is_v4 = text.substr(0, slash).find(':') == std::string_view::npos;
    int bits = -1;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (error != std::errc() || end != digits.data() + digits.size() || bits < 0 || bits > (is_v4 ? 32 : 128))
        return std::nullopt;
    if (!is_v4 && base->isV4()) return std::nullopt;  // a range of wrapped addresses: write it as IPv4
    range.bits_ = is_v4 ? 96 + bits : bits;
    return range;
}

bool IpRange::contains(const IpAddress& address) const {
    return agrees(base_.bytes(), address.bytes(), bits_);
}

bool IpRange::isSpecial() const {
    return std::any_of(std::begin(kSpecial), std::end(kSpecial), [this](const Block& block) {
        return bits_ >= block.bits && agrees(base_.bytes(), bytesOf(block.base), block.bits);
    });
}

}  // namespace caseway
