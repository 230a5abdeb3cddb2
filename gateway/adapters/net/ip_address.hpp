// gateway/adapters/net/ip_address.hpp - numeric addresses and ranges of them, read strictly: no octal, no short and no
// hexadecimal forms, in which filters and libraries disagree. Source: RFC 4291, RFC 6890.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace caseway {

/// 16 bytes; an IPv4 address, and each IPv6 address that only wraps one (mapped, compatible, NAT64, 6to4), as
/// ::ffff:a.b.c.d, so that no wrapping hides it.
class IpAddress {
public:
    /// "10.1.2.3", "2001:db8::1", "[::1]"; nothing for anything else, also with a zone ("%eth0").
    static std::optional<IpAddress> parse(std::string_view text);

    /// Loopback, link-local (the metadata services of clouds among them), unspecified, multicast, broadcast, reserved:
    /// never a department's server.
    bool isSpecial() const;
    const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
    bool isV4() const;
    bool operator==(const IpAddress&) const = default;

private:
    std::array<std::uint8_t, 16> bytes_{};
};

/// "10.1.0.0/16", "2001:db8::/32", or one address.
class IpRange {
public:
    static std::optional<IpRange> parse(std::string_view text);
    bool contains(const IpAddress& address) const;
    /// Of 128, all of an address; the more, the narrower.
    int bits() const { return bits_; }
    /// All its addresses are special: whoever writes it means them.
    bool isSpecial() const;

private:
    IpAddress base_;
    int bits_ = 128;  ///< of the 16 bytes
};

}  // namespace caseway
