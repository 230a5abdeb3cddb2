// gateway/cli/sender_key.hpp - the key and certificate that a department's command signs with, and what is said where
// they do not fit.
#pragma once

#include <string>

#include "gateway/formats/crypto/certificate.hpp"
#include "gateway/formats/crypto/private_key.hpp"

namespace caseway {

struct SenderKey {
    PrivateKey key;
    CertificatePtr certificate;
};

/// Reads both, and that they belong together. Throws Fault{ConfigurationBad}: unreadable, the two files swapped, a kind
/// of key that the protocol does not take, a key of another certificate.
SenderKey readSenderKey(const std::string& key_file, const std::string& certificate_file);

}  // namespace caseway
