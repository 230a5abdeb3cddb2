// tests/unit/http/test_tls.hpp - certificates made on the spot, and a client that speaks TLS with them.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <filesystem>
#include <memory>
#include <string>

#include "tests/unit/http/test_client.hpp"

namespace caseway::test {

/// A self-signed P-256 certificate, in memory and as PEM files in a folder that goes with the object.
class TestCertificate {
public:
    /// `valid_days` may be negative: expired.
    explicit TestCertificate(const std::string& name, long valid_days = 30);
    ~TestCertificate();
    std::string certificateFile() const { return folder_ / "chain.pem"; }
    std::string keyFile() const { return folder_ / "key.pem"; }
    /// Puts the files of `other` in the place of these.
    void replaceFilesBy(const TestCertificate& other) const;
    const std::string& der() const { return der_; }
    X509* x509() const { return certificate_.get(); }
    EVP_PKEY* key() const { return key_.get(); }

private:
    std::filesystem::path folder_;
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
    std::unique_ptr<X509, decltype(&X509_free)> certificate_;
    std::string der_;
};

using SessionPtr = std::unique_ptr<SSL_SESSION, decltype(&SSL_SESSION_free)>;

struct TlsOptions {
    const TestCertificate* certificate = nullptr;
    int version = TLS1_3_VERSION;
    SSL_SESSION* resume = nullptr;
    std::string alpn = "http/1.1";
};

class TlsClient final : public Client {
public:
    TlsClient(std::uint16_t port, const TlsOptions& options);
    ~TlsClient() override;
    bool isConnected() const { return connected_; }
    bool isResumed() const { return SSL_session_reused(ssl_) == 1; }
    /// Sends one record that holds nothing for the peer's application; false once the connection is gone.
    bool updateKey() { return SSL_key_update(ssl_, SSL_KEY_UPDATE_NOT_REQUESTED) == 1 && SSL_do_handshake(ssl_) == 1; }
    /// DER of the server's certificate; on a resumed session that of the first one.
    std::string serverCertificate() const;
    /// The session to resume; to be asked for after an answer was read, because TLS 1.3 brings the ticket late.
    SessionPtr session() const { return {SSL_get1_session(ssl_), &SSL_SESSION_free}; }

protected:
    long rawSend(std::string_view bytes) override {
        return SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()));
    }
    long rawReceive(char* into, std::size_t size) override { return SSL_read(ssl_, into, static_cast<int>(size)); }

private:
    SSL_CTX* context_;
    SSL* ssl_;
    bool connected_;
};

}  // namespace caseway::test
