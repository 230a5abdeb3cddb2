// tests/unit/http/tls_certificate_test.cpp - test_tls.hpp's other half: making certificates, and the TLS client.
#include <openssl/x509v3.h>

#include <cstdio>

#include "tests/unit/http/test_tls.hpp"

namespace caseway::test {
namespace {

std::string derOf(X509* certificate) {
    unsigned char* bytes = nullptr;
    const int size = i2d_X509(certificate, &bytes);
    std::string der(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return der;
}

}  // namespace

TestCertificate::TestCertificate(const std::string& name, long valid_days)
    : key_(EVP_EC_gen("P-256"), &EVP_PKEY_free), certificate_(X509_new(), &X509_free) {
    static std::atomic<int> count{0};
    folder_ = std::filesystem::temp_directory_path() /
              ("caseway_tls_" + std::to_string(::getpid()) + "_" + std::to_string(count.fetch_add(1)));
    std::filesystem::create_directories(folder_);
    auto* const x = certificate_.get();
    X509_set_version(x, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
    X509_gmtime_adj(X509_getm_notBefore(x), -100L * 24 * 3600);
    X509_gmtime_adj(X509_getm_notAfter(x), valid_days * 24 * 3600);
    X509_set_pubkey(x, key_.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(x, X509_get_subject_name(x));
    X509_sign(x, key_.get(), EVP_sha256());
    der_ = derOf(x);
    std::unique_ptr<FILE, int (*)(FILE*)> chain(std::fopen(certificateFile().c_str(), "w"), &std::fclose);
    PEM_write_X509(chain.get(), x);
    std::unique_ptr<FILE, int (*)(FILE*)> key(std::fopen(keyFile().c_str(), "w"), &std::fclose);
    PEM_write_PrivateKey(key.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
}

TestCertificate::~TestCertificate() {
    std::filesystem::remove_all(folder_);
}

void TestCertificate::replaceFilesBy(const TestCertificate& other) const {
    const auto options = std::filesystem::copy_options::overwrite_existing;
    std::filesystem::copy_file(other.certificateFile(), certificateFile(), options);
    std::filesystem::copy_file(other.keyFile(), keyFile(), options);
}

TlsClient::TlsClient(std::uint16_t port, const TlsOptions& options)
    : Client(connectTo(port)), context_(SSL_CTX_new(TLS_client_method())), ssl_(nullptr), connected_(false) {
    SSL_CTX_set_min_proto_version(context_, options.version);
    SSL_CTX_set_max_proto_version(context_, options.version);
    if (options.certificate != nullptr) {
        SSL_CTX_use_certificate(context_, options.certificate->x509());
        SSL_CTX_use_PrivateKey(context_, options.certificate->key());
    }
    ssl_ = SSL_new(context_);
    SSL_set_fd(ssl_, fd());
    if (!options.alpn.empty()) {
        const std::string wire = static_cast<char>(options.alpn.size()) + options.alpn;
        SSL_set_alpn_protos(ssl_, reinterpret_cast<const unsigned char*>(wire.data()),
                            static_cast<unsigned>(wire.size()));
    }
    if (options.resume != nullptr) SSL_set_session(ssl_, options.resume);
    connected_ = SSL_connect(ssl_) == 1;
}

TlsClient::~TlsClient() {
    SSL_shutdown(ssl_);  // without it OpenSSL counts the session as broken
    SSL_free(ssl_);
    SSL_CTX_free(context_);
}

std::string TlsClient::serverCertificate() const {
    auto* const certificate = SSL_get0_peer_certificate(ssl_);
    return certificate == nullptr ? std::string() : derOf(certificate);
}

}  // namespace caseway::test
