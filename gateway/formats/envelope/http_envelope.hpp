// gateway/formats/envelope/http_envelope.hpp - the HTTP binding: an RFC 9421 signature over the request's head, whose
// Content-Digest (RFC 9530) binds a body of any size. The head is verified first, the body's digest when it is there.
// Rules: docs/formats/messages.md.
#pragma once

#include <string>
#include <string_view>

#include "gateway/formats/crypto/private_key.hpp"
#include "gateway/formats/envelope/http_request.hpp"
#include "gateway/formats/envelope/signed_content.hpp"

namespace caseway {

/// A head whose signature is good; nothing is known of the body yet but the digest that it must have.
struct HttpHead {
    MessageHeader header;
    CertificatePtr certificate;
    Instant created{};
    Sha256 body_digest;  ///< the body must have it, as transferred (before any content decoding)
    std::string media_type;
    std::string charset;
    std::string content_encoding;
    std::string signature_base;
    std::string stored_head;  ///< the first line of the stored envelope, without its end
};

/// Verifies the head of a message. Refusals: those of `keys`; malformed_envelope, malformed_header, bad_signature. A
/// covered field that is not of the header, or not of its form, is the signer's mistake and evidence of it.
/// Callable concurrently.
Result<HttpHead, OpenRefusal> openHttpHead(const HttpRequest& request, const KeyLookup& keys);

/// The message, once its body is there: `body_digest` is the SHA-256 of the bytes as they came. `body` is kept in the
/// stored envelope where `is_inline`; a spooled body stays in its file. Refusal: digest_mismatch, which authenticates
/// nobody.
Result<SignedContent, OpenRefusal> finishHttp(HttpHead head, const Sha256& body_digest, std::string body,
                                              bool is_inline);

/// Of a body that is not the one that the head was signed for: nobody is authenticated by it.
Refusal httpDigestMismatch();

struct HttpReader {
    CertificatePtr certificate;
    SystemId system;
    Instant created{};
};
/// Verifies a signed request for reading: tag "caseway-read", covering @method, @path, @query where there is one, and
/// every Caseway-* field; @authority may be covered. Refusals as openHttpHead().
Result<HttpReader, OpenRefusal> openHttpRead(const HttpRequest& request, const KeyLookup& keys);

/// Adds all fields of a signed message to `request`, whose method, target, Content-Type and, if any, Content-Encoding
/// are there already. `algorithm` must be for this kind of key. Throws Fault{CryptoUnavailable}.
void signHttp(HttpRequest& request, const MessageHeader& header, const Sha256& body_digest, Instant created,
              const PrivateKey& key, const KeyId& key_id, SignatureAlgorithm algorithm);
/// Adds the signature of a request for reading.
void signHttpRead(HttpRequest& request, Instant created, const PrivateKey& key, const KeyId& key_id);

}  // namespace caseway
