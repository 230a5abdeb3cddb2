// gateway/cli/sender_key.cpp - reading key and certificate of a sender.
#include "gateway/cli/sender_key.hpp"

#include "gateway/adapters/files/key_file.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/cli/command.hpp"
#include "gateway/cli/refusal_text.hpp"
#include "gateway/formats/crypto/pem_text.hpp"

namespace caseway {
namespace {

[[noreturn]] void bad(const std::string& what, const std::string& hint) {
    throw Fault(FaultCode::ConfigurationBad, what, hint);
}

}  // namespace

SenderKey readSenderKey(const std::string& key_file, const std::string& certificate_file) {
    const std::string key_text = readFile(key_file);
    const std::string certificate_text = asPem(readFile(certificate_file));
    const bool is_key = key_text.find("PRIVATE KEY-----") != std::string::npos;
    if (!is_key && key_text.find("-----BEGIN CERTIFICATE-----") != std::string::npos)
        bad(key_file + " is a certificate, no private key", "--key takes the private key, --cert its certificate");
    if (certificate_text.find("PRIVATE KEY-----") != std::string::npos &&
        certificate_text.find("-----BEGIN CERTIFICATE-----") == std::string::npos)
        bad(certificate_file + " is a private key, no certificate",
            "--cert takes the certificate, --key its private key");
    PrivateKey key = readPrivateKey(key_file);
    auto certificate = Certificate::fromPem(certificate_text);
    if (!certificate) bad(certificate_file + ": " + lineOf(certificate.error()), "");
    const SignatureAlgorithm algorithm = usualAlgorithm(key.kind());
    const std::string signature = key.sign(algorithm, bytesOf("caseway"));
    if (key.kind() != (*certificate)->key().kind() ||
        !(*certificate)->key().verify(algorithm, bytesOf("caseway"), bytesOf(signature)))
        bad(key_file + " does not belong to " + certificate_file, "give the key with which that certificate was made");
    return {std::move(key), std::move(certificate).value()};
}

}  // namespace caseway
