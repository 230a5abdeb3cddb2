// gateway/adapters/http/tls_context.cpp - what Poco's context leaves at its defaults is set here through its SSL_CTX.
#include "gateway/adapters/http/tls_context.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/NetSSL.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "gateway/base/fault.hpp"
#include "gateway/formats/crypto/pem_text.hpp"

namespace caseway {
namespace {

constexpr unsigned char kSessionIdContext[] = "caseway";
constexpr long kSessionSeconds = 3600;
constexpr long kCertificateListBytes = 32 * 1024;
constexpr std::size_t kFileBytesMax = 4 * 1024 * 1024;  // larger ones are not looked at for their end
constexpr std::size_t kTicketKeyBytes = 80;  // OpenSSL: name 16, HMAC key 32, AES key 32
constexpr const char* kTls12Ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

int selectHttp11(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* offered,
                 unsigned int size, void*) {
    static constexpr unsigned char kOurs[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    unsigned char* chosen = nullptr;
    if (SSL_select_next_proto(&chosen, out_size, kOurs, sizeof(kOurs), offered, size) != OPENSSL_NPN_NEGOTIATED) {
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    }
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

int acceptAnyCertificate(X509_STORE_CTX* store, void*) {
    X509_STORE_CTX_set_error(store, X509_V_OK);
    return 1;
}

void setClientCertificates(SSL_CTX* ctx, ClientCertificates mode) {
    switch (mode) {
        case ClientCertificates::Ignore:
            SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, nullptr);
            break;
        case ClientCertificates::AcceptAny:
            SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, nullptr);
            SSL_CTX_set_cert_verify_callback(ctx, acceptAnyCertificate, nullptr);
            break;
        case ClientCertificates::RequireAny:
            SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
            SSL_CTX_set_cert_verify_callback(ctx, acceptAnyCertificate, nullptr);
            break;
        case ClientCertificates::RequireOurs:
            SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
            break;
    }
}

void tune(SSL_CTX* ctx, ClientCertificates mode) {
    SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
    SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_clear_options(ctx, SSL_OP_NO_TICKET);
    SSL_CTX_set_mode(ctx,
                     SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(ctx, 1);
    SSL_CTX_set_session_cache_mode(ctx,
                                   SSL_SESS_CACHE_OFF);  // the ticket carries the session, client certificate included
    SSL_CTX_set_session_id_context(ctx, kSessionIdContext, sizeof(kSessionIdContext) - 1);
    SSL_CTX_set_timeout(ctx, kSessionSeconds);
    SSL_CTX_set_num_tickets(ctx, 1);
    SSL_CTX_set_max_cert_list(ctx, kCertificateListBytes);
    SSL_CTX_set_alpn_select_cb(ctx, selectHttp11, nullptr);
    setClientCertificates(ctx, mode);
}

/// Why a load failed, where that passes by itself: what the system refuses now it may give soon (a file that is just
/// replaced, a mount that comes late, a disk that fails), and what breaks off may be whole in a moment. Throws
/// Fault{FileUnavailable}; returns where the files are whole.
void mustBeWhole(const ListenerConfig& config) {
    for (const std::string& file : {config.certificate_file, config.key_file, config.client_ca_file}) {
        if (file.empty()) continue;
        errno = 0;
        std::ifstream stream(file, std::ios::binary);
        std::string pem(kFileBytesMax, '\0');
        stream.read(pem.data(), static_cast<std::streamsize>(pem.size()));
        if (!stream.is_open() || stream.bad())
            throw Fault(FaultCode::FileUnavailable,
                        "listener " + config.name + ": " + file + " cannot be read: " + std::strerror(errno),
                        "check certificate_file, key_file and client_ca_file, and the rights to them");
        const auto size = static_cast<std::size_t>(stream.gcount());
        const bool is_cut = size < kFileBytesMax && breaksOff(std::string_view(pem).substr(0, size));
        const Fault fault = brokenOff("listener " + config.name + ": " + file, std::string_view(pem).substr(0, size));
        OPENSSL_cleanse(pem.data(), pem.size());
        if (is_cut) throw fault;
    }
}

Poco::Net::Context::Ptr contextOf(const Poco::Net::Context::Params& params) {
    ERR_clear_error();  // Poco reports the oldest error of the queue
    return new Poco::Net::Context(Poco::Net::Context::TLS_SERVER_USE, params);
}

/// Twice: a file that was not whole may be so by the time it is looked at.
Poco::Net::Context::Ptr contextOf(const ListenerConfig& config, const Poco::Net::Context::Params& params) {
    try {
        return contextOf(params);
    } catch (const Poco::Exception&) {
        mustBeWhole(config);
    }
    try {
        return contextOf(params);
    } catch (const Poco::Exception& error) {
        ERR_clear_error();
        mustBeWhole(config);
        throw Fault(FaultCode::ConfigurationBad, "listener " + config.name + ": " + error.displayText(),
                    "check certificate_file, key_file and client_ca_file: PEM, readable, belonging together");
    }
}

}  // namespace

struct TlsContext::Loaded {
    Poco::Net::Context::Ptr context;
    SSL_CTX* ctx() const { return context->sslContext(); }
};

TlsContext::TlsContext(const ListenerConfig& config) : config_(config) {
    Poco::Net::initializeSSL();
    loaded_ = load(config_);
}

TlsContext::~TlsContext() {
    loaded_.reset();
    Poco::Net::uninitializeSSL();
}

std::shared_ptr<TlsContext::Loaded> TlsContext::load(const ListenerConfig& config) {
    Poco::Net::Context::Params params;
    params.certificateFile = config.certificate_file;
    params.privateKeyFile = config.key_file;
    params.caLocation = config.client_ca_file;
    params.verificationMode = Poco::Net::Context::VERIFY_NONE;
    params.loadDefaultCAs = false;
    params.cipherList = kTls12Ciphers;
    params.ecdhCurve = "X25519:P-256:P-384";
    auto loaded = std::make_shared<Loaded>();
    loaded->context = contextOf(config, params);
    if (SSL_CTX_check_private_key(loaded->ctx()) != 1) {
        ERR_clear_error();
        // Not ConfigurationBad: a renewal writes one file behind the other, and started in between it fits soon.
        throw Fault(
            FaultCode::FileUnavailable,
            "listener " + config.name + ": " + config.key_file + " is not the key of " + config.certificate_file,
            "give the key that belongs to the first certificate of the chain");
    }
    tune(loaded->ctx(), config.client_certificates);
    return loaded;
}

void TlsContext::reload() {
    auto fresh = load(config_);
    const std::lock_guard lock(mutex_);
    std::array<unsigned char, kTicketKeyBytes> keys{};
    if (SSL_CTX_get_tlsext_ticket_keys(loaded_->ctx(), keys.data(), keys.size()) == 1) {
        SSL_CTX_set_tlsext_ticket_keys(fresh->ctx(), keys.data(), keys.size());
    }
    OPENSSL_cleanse(keys.data(), keys.size());
    loaded_ = std::move(fresh);
}

ssl_st* TlsContext::newSession() {
    const std::lock_guard lock(mutex_);
    SSL* ssl = SSL_new(loaded_->ctx());
    if (ssl == nullptr) throw Fault(FaultCode::CryptoUnavailable, "SSL_new failed for listener " + config_.name);
    SSL_set_accept_state(ssl);
    return ssl;
}

}  // namespace caseway
