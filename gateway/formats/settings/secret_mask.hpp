// gateway/formats/settings/secret_mask.hpp - takes the secrets that a connector was given out of what it says, before
// that reaches logs, faults or run documents. Against mistakes of a program that was trusted with them; one that wants
// to give them away writes them in a way that nobody recognises.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace caseway {

class SecretMask {
public:
    SecretMask() = default;
    explicit SecretMask(const std::vector<std::string>& secrets);

    /// `text` with `***` where a secret stood: as it is, a line of it, in base64 (also amid other bytes, as in
    /// `user:password`), in hexadecimal, percent-encoded, or as in JSON; in capitals and small letters alike, since the
    /// name of a host is told in small ones. Of secrets below four bytes nothing can be cut out without showing them:
    /// the whole text goes. At both ends also a part of one, of four bytes and more: texts are cut to a size.
    std::string masked(std::string_view text) const;
    bool holds(std::string_view text) const;

private:
    std::vector<std::string> forms_;  ///< of four bytes and more
    std::vector<std::string> short_;
};

}  // namespace caseway
