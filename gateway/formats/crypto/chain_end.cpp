// gateway/formats/crypto/chain_end.cpp - the last certificate, and who issued it.
#include "gateway/formats/crypto/chain_end.hpp"

#include <openssl/x509_vfy.h>

#include <algorithm>

#include "gateway/formats/crypto/certificate_facts.hpp"
#include "gateway/formats/crypto/openssl_handles.hpp"

namespace caseway {
namespace {

bool isIssuerTrustedHere(const std::string& der) {
    const OpensslErrorScope errors;
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const OpensslPtr<X509> certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    const OpensslPtr<X509_STORE> store(X509_STORE_new());
    const OpensslPtr<X509_STORE_CTX> context(X509_STORE_CTX_new());
    if (!certificate || !store || !context || X509_STORE_set_default_paths(store.get()) != 1 ||
        X509_STORE_CTX_init(context.get(), store.get(), certificate.get(), nullptr) != 1)
        return false;
    X509* issuer = nullptr;
    const bool is_there = X509_STORE_CTX_get1_issuer(&issuer, context.get(), certificate.get()) == 1;
    const OpensslPtr<X509> owned(issuer);
    return is_there;
}

}  // namespace

std::optional<OpenChainEnd> openChainEnd(std::string_view pem, const std::vector<std::string>& authorities) {
    const auto chain = certificatesOfPem(pem);
    if (!chain || chain->empty()) return std::nullopt;
    const std::string& last = chain->back();
    const auto facts = factsOfDer(last);
    const bool is_known = std::any_of(authorities.begin(), authorities.end(),
                                      [&](const std::string& authority) { return isIssuedBy(last, authority); });
    if (!facts || facts->is_self_signed || is_known || isIssuerTrustedHere(last)) return std::nullopt;
    return OpenChainEnd{chain->size(), facts->issuer};
}

}  // namespace caseway
