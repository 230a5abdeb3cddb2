// gateway/cli/message_content.cpp - from the stored envelope to text.
#include "gateway/cli/message_content.hpp"

#include "gateway/base/fault.hpp"
#include "gateway/formats/envelope/recheck.hpp"
#include "gateway/formats/envelope/stored_pull.hpp"
#include "gateway/formats/text/encoding.hpp"
#include "gateway/formats/text/utf8.hpp"
#include "gateway/log/leaf.hpp"

namespace caseway {
namespace {

/// Bytes of a payload and what its media type declares.
struct Content {
    std::string bytes;
    std::string charset;
};

std::string beginningOf(ByteSource& body) {
    std::string bytes(kContentBytesShown + 4, '\0');  // a character may stand across the limit
    std::size_t size = 0;
    body.rewind();
    for (std::size_t got = 0; size < bytes.size() && (got = body.read(std::span(bytes).subspan(size))) != 0;)
        size += got;
    bytes.resize(size);
    return bytes;
}

Content contentIn(StoredInstallation& stored, const MessageRow& row, const EnvelopeRow& envelope) {
    const auto body = envelope.body_file.empty() ? nullptr : stored.openBody(envelope.body_file);
    if (row.origin == Origin::Pulled) {
        const auto pull = readStoredPull(envelope.head);
        if (!pull) return {envelope.head, {}};
        return {body ? beginningOf(*body) : std::string(pull->payload), {}};
    }
    if (body) return {beginningOf(*body), {}};
    const auto entry = parseLeaf(stored.reader().leaf(row.index).value_or(""));
    if (!entry || !entry->certificate || row.binding == Binding::Xml) return {envelope.head, {}};
    const std::string der = stored.reader().certificate(*entry->certificate).value_or("");
    auto content = recheck(row.binding, envelope.head, der);
    if (!content) return {envelope.head, {}};
    SignedPayload& payload = content->payload;
    if (payload.form == SignedPayload::Form::JsonText) return {std::string(payload.jsonText()), {}};
    return {std::move(payload.bytes), std::move(payload.charset)};
}

}  // namespace

MessageContent contentOf(StoredInstallation& stored, const MessageRow& row) {
    const auto envelope = stored.reader().envelope(row.index);
    if (!envelope) throw Fault(FaultCode::StoreCorrupt, "nothing is stored of this message", "caseway log verify");
    Content content = contentIn(stored, row, *envelope);
    MessageContent shown;
    shown.is_cut = content.bytes.size() > kContentBytesShown;
    // Cut off inside a character it would be of no encoding: then without its last bytes.
    for (std::size_t less = 0; less < (shown.is_cut ? 4 : 1); ++less) {
        const std::string_view part(content.bytes.data(), std::min(content.bytes.size(), kContentBytesShown) - less);
        MemorySource source(part);
        const std::string_view declared = declaredInXml(part.substr(0, 256));
        const auto found = findEncoding(source, declared.empty() ? std::string_view(content.charset) : declared);
        auto text = found ? toUtf8(part, *found) : Result<std::string>(found.error());
        if (!text) continue;
        shown.text = std::move(*text);
        return shown;
    }
    throw Fault(FaultCode::StoreCorrupt, "the payload is no text in any encoding that is known",
                "caseway log export writes its bytes");
}

}  // namespace caseway
