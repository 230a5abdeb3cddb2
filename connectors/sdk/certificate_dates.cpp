// connectors/sdk/certificate_dates.cpp - OpenSSL's verification as libcurl sets it up, with an eye on its verdicts.
#include "connectors/sdk/certificate_dates.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace caseway {
namespace {

/// Of a context of libcurl's: whose watch it is under.
int watchSlot() {
    static const int slot = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return slot;
}

std::string timeOf(const ASN1_TIME* time) {
    tm parts{};
    if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return "an unknown time";
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                       parts.tm_hour, parts.tm_min, parts.tm_sec);
}

}  // namespace

struct CertificateDates::Callbacks {
    /// OpenSSL's verdict, as it is.
    static int look(int verdict, X509_STORE_CTX* store) noexcept {
        const int error = X509_STORE_CTX_get_error(store);
        const bool is_over = error == X509_V_ERR_CERT_HAS_EXPIRED, is_early = error == X509_V_ERR_CERT_NOT_YET_VALID;
        if (verdict != 0 || !(is_over || is_early)) return verdict;
        const auto* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
        const X509* certificate = X509_STORE_CTX_get_current_cert(store);
        if (ssl == nullptr || certificate == nullptr) return verdict;
        auto* self = static_cast<CertificateDates*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), watchSlot()));
        if (self == nullptr) return verdict;
        const bool is_own = X509_STORE_CTX_get_error_depth(store) == 0;
        self->found_ = fmt::format("the certificate of {} {}", is_own ? "the server" : "its authority",
                                   is_over ? "was valid until " + timeOf(X509_get0_notAfter(certificate))
                                           : "is valid from " + timeOf(X509_get0_notBefore(certificate)));
        return verdict;
    }
    static CURLcode setUp(CURL*, void* context, void* watch) noexcept {
        auto* ssl = static_cast<SSL_CTX*>(context);
        SSL_CTX_set_ex_data(ssl, watchSlot(), watch);
        SSL_CTX_set_verify(ssl, SSL_CTX_get_verify_mode(ssl), &Callbacks::look);
        return CURLE_OK;
    }
};

/// A libcurl on another library goes without: its own words are there all the same.
void CertificateDates::watch(CURL* curl) {
    found_.clear();
    if (curl_easy_setopt(curl, CURLOPT_SSL_CTX_FUNCTION, &Callbacks::setUp) == CURLE_OK)
        curl_easy_setopt(curl, CURLOPT_SSL_CTX_DATA, this);
}

}  // namespace caseway
