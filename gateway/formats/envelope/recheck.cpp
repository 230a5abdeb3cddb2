// gateway/formats/envelope/recheck.cpp - the same code that opened the message opens it again, with one key and no
// register.
#include "gateway/formats/envelope/recheck.hpp"

#include <array>
#include <limits>
#include <optional>

#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/crypto/wide_digest.hpp"
#include "gateway/formats/envelope/answer_signature.hpp"
#include "gateway/formats/envelope/borne_signature.hpp"
#include "gateway/formats/envelope/header_fields.hpp"
#include "gateway/formats/envelope/http_envelope.hpp"
#include "gateway/formats/envelope/json_envelope.hpp"
#include "gateway/formats/envelope/media_type.hpp"
#include "gateway/formats/envelope/stored_http.hpp"
#include "gateway/formats/envelope/stored_pull.hpp"
#include "gateway/formats/envelope/whole_content.hpp"
#include "gateway/formats/envelope/xml_envelope.hpp"

namespace caseway {
namespace {

constexpr std::size_t kDepthMax = 1000;
constexpr std::size_t kCertificatesKept = 64;

/// What was taken under a wider configuration, or by a former release, must verify too.
XmlParseLimits widest() {
    return {std::numeric_limits<std::int32_t>::max(), kDepthMax, false};
}

/// `wide`: takes the bytes, too; a bundle gives them once.
Sha256 digestOfSource(ByteSource& source, Sha512Stream* wide = nullptr) {
    source.rewind();
    Sha256Stream stream;
    std::array<char, 65536> buffer;
    while (const std::size_t size = source.read(buffer)) {
        const std::string_view piece(buffer.data(), size);
        stream.update(piece);
        if (wide != nullptr) wide->update(piece);
    }
    return stream.finish();
}

/// The head again, and the base that was signed.
Result<HttpHead, OpenRefusal> recheckHttpHead(const std::optional<StoredHttp>& parts, const KeyLookup& keys) {
    if (!parts) return OpenRefusal{{"malformed_envelope", "stored envelope", "", "a line of JSON, then the body", ""}};
    auto head = openHttpHead(parts->request, keys);
    if (head && head->signature_base != parts->signature_base)
        return OpenRefusal{{"bad_signature", "signature_base", "", "the base that the stored fields give", ""}};
    return head;
}

Result<SignedContent, OpenRefusal> recheckHttp(std::string_view stored, const KeyLookup& keys, ByteSource* body_file) {
    const auto parts = readStoredHttp(stored);
    auto head = recheckHttpHead(parts, keys);
    if (!head) return head.error();
    if (body_file != nullptr) return finishHttp(std::move(*head), digestOfSource(*body_file), {}, false);
    const Sha256 digest = sha256(parts->body);
    return finishHttp(std::move(*head), digest, std::string(parts->body), true);
}

/// Every stored message was signed with the certificate that the log names.
class OneKey {
public:
    static Result<OneKey> of(std::string_view certificate_der) {
        thread_local CertificateCache decoded(
            kCertificatesKept);  // a log has few signers, and decoding costs a verification
        const auto certificate = decoded.get(KeyId(sha256(certificate_der)), certificate_der);
        if (!certificate) return certificate.error();
        return OneKey(*certificate);
    }
    KeyLookup lookup() const {
        return [certificate = certificate_](const std::optional<SystemId>&,
                                            const std::optional<KeyId>& named) -> Result<std::vector<SigningKey>> {
            if (named && *named != certificate->id())
                return Refusal{"unknown_key", "key id", named->text(), "the certificate that the log names", ""};
            return std::vector<SigningKey>{{certificate, std::nullopt}};
        };
    }

private:
    explicit OneKey(CertificatePtr certificate) : certificate_(std::move(certificate)) {}
    CertificatePtr certificate_;
};

Result<SignedContent> withoutSigner(Result<SignedContent, OpenRefusal> result) {
    if (result) return std::move(*result);
    return result.error().refusal;
}

/// What was pulled, as it is: nobody signed it, or who signed did so beside it.
SignedContent plainContent(StoredPull pull, const Sha256& payload_digest) {
    SignedContent content;
    content.header = std::move(pull.head.header);
    content.payload.form = SignedPayload::Form::Bytes;
    content.payload.charset = charsetOf(pull.head.media_type);
    content.payload.media_type = std::move(pull.head.media_type);
    content.payload.bytes = std::string(pull.payload);
    content.payload_digest = payload_digest;
    content.content_digest = contentDigest(content.header, content.payload_digest);
    return content;
}

Result<SignedContent> recheckAnswer(StoredPull pull, ByteSource* body_file, const OneKey& key) {
    if (!pull.head.answer)
        return Refusal{"malformed_envelope", "stored envelope", "", "the head of the answer that was signed", ""};
    const AnswerHead head = std::move(*pull.head.answer);
    const bool is_whole = body_file == nullptr || needsWholeContent(head);
    const auto whole = body_file == nullptr ? std::string(pull.payload)
                       : is_whole           ? wholeOf(*body_file)
                                            : std::string();
    if (!whole) return Refusal{"malformed_envelope", "stored envelope", "", "a payload that bears a signature", ""};
    std::optional<Sha512Stream> wide;
    if (statesWideDigest(head)) wide.emplace();
    MemorySource in_memory(*whole);
    ByteSource& source = is_whole ? in_memory : *body_file;
    const Sha256 digest = digestOfSource(source, wide ? &*wide : nullptr);
    SignedContent content = plainContent(std::move(pull), digest);
    const auto opened =
        openAnswer(head, {digest, source, wide ? std::optional(wide->finish()) : std::nullopt}, key.lookup());
    if (!opened) return opened.error();
    content.certificate = opened->certificate;
    content.created = opened->created;
    return content;
}

Result<SignedContent> recheckBorne(StoredPull pull, ByteSource* body_file, std::string_view certificate_der) {
    const auto key = OneKey::of(certificate_der);
    if (!key) return key.error();
    if (pull.head.signature == SignatureForm::HttpAnswer) return recheckAnswer(std::move(pull), body_file, *key);
    const auto read = body_file != nullptr ? wholeOf(*body_file) : std::string(pull.payload);
    if (pull.head.signature == SignatureForm::None || !read)
        return Refusal{"malformed_envelope", "stored envelope", "", "a payload that bears a signature", ""};
    auto opened = withoutSigner(openBorne(pull.head.signature, *read, widest(), std::nullopt, key->lookup()));
    if (!opened) return opened;
    const Sha256 digest = sha256(*read);
    if (!isMessage(pull.head.signature)) {
        opened->content_digest = contentDigest(pull.head.header, digest);
    } else if (isOfSigned(pull.head.header, opened->header)) {
        opened->content_digest = contentDigest(pull.head.header, opened->payload_digest);
    } else {
        return Refusal{"bad_signature", "header", "", "the header that was signed", ""};
    }
    opened->header = std::move(pull.head.header);
    opened->payload_digest = digest;
    return opened;
}

/// The same functions as at intake.
Result<SignedContent, OpenRefusal> openAgain(Binding binding, std::string_view stored, const KeyLookup& keys,
                                             ByteSource* body_file) {
    switch (binding) {
        case Binding::Xml:
            return openXml(bytesOf(stored), widest(), keys);
        case Binding::Json: {
            const std::size_t first = stored.find_first_not_of(" \t\r\n");
            const bool flattened = first != std::string_view::npos && stored[first] == '{';
            return openJson(stored, flattened ? JwsForm::Flattened : JwsForm::Compact, JsonLimits{.depth = kDepthMax},
                            keys);
        }
        case Binding::Http:
            break;
    }
    return recheckHttp(stored, keys, body_file);
}

}  // namespace

Result<SignedContent> recheck(Binding binding, std::string_view stored_envelope, std::string_view certificate_der,
                              ByteSource* body_file) {
    const auto key = OneKey::of(certificate_der);
    if (!key) return key.error();
    return withoutSigner(openAgain(binding, stored_envelope, key->lookup(), body_file));
}

bool isSignedWith(Binding binding, std::string_view stored_envelope, std::string_view certificate_der) {
    const auto key = OneKey::of(certificate_der);
    if (!key) return false;
    if (binding == Binding::Http) {
        const auto head = recheckHttpHead(readStoredHttp(stored_envelope), key->lookup());
        return head || head.error().signed_digest;
    }
    const auto content = openAgain(binding, stored_envelope, key->lookup(), nullptr);
    return content || content.error().signed_digest;
}

Result<SignedContent> recheckHead(std::string_view stored_head, std::string_view certificate_der) {
    const auto key = OneKey::of(certificate_der);
    if (!key) return key.error();
    auto head = recheckHttpHead(readStoredHttp(stored_head), key->lookup());
    if (!head) return head.error().refusal;
    const Sha256 demanded = head->body_digest;
    return withoutSigner(finishHttp(std::move(*head), demanded, {}, false));
}

Result<SignedContent> recheckPulled(std::string_view stored, ByteSource* body_file, std::string_view certificate_der) {
    auto pull = readStoredPull(stored);
    if (!pull) return pull.error();
    if (!certificate_der.empty()) {
        auto content = recheckBorne(std::move(*pull), body_file, certificate_der);
        if (content) content->envelope_digest = sha256(stored);
        return content;
    }
    if (pull->head.signature != SignatureForm::None)
        return Refusal{"malformed_envelope", "signature", "", "no form of a signature that the log does not name", ""};
    const Sha256 digest = body_file != nullptr ? digestOfSource(*body_file) : sha256(pull->payload);
    SignedContent content = plainContent(std::move(*pull), digest);
    content.envelope_digest = sha256(stored);
    return content;
}

}  // namespace caseway
