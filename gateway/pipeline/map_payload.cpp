// gateway/pipeline/map_payload.cpp - which of the mapping's doors a verified payload takes: tree, JSON text, or bytes.
#include "gateway/pipeline/exchange.hpp"

namespace caseway {
namespace {

Refusal wrongFormat(SourceFormat wanted) {
    const bool xml = wanted == SourceFormat::Xml;
    return {"wrong_payload_format",
            "payload",
            {},
            xml ? "the mapping reads XML" : "the mapping reads JSON",
            xml ? "send it in the XML or HTTP binding, or name a mapping for JSON"
                : "send it in the JSON or HTTP binding, or name a mapping for XML",
            {}};
}

}  // namespace

std::optional<Refusal> refuseEncoded(const SignedPayload& payload) {
    if (payload.content_encoding.empty() || payload.content_encoding == "identity") return std::nullopt;
    return Refusal{"content_encoding_unknown",
                   "Content-Encoding",
                   {},
                   "payloads are taken as they are, not compressed",
                   "send it without Content-Encoding",
                   {}};
}

Result<PayloadReport> mapPayload(const Mapping& mapping, const SignedPayload& payload, const Limits& limits,
                                 RecordSink& sink, EmptySet empty) {
    const SourceFormat format = mapping.spec().format;
    switch (payload.form) {
        case SignedPayload::Form::XmlElement:
            if (format != SourceFormat::Xml) return wrongFormat(format);
            return mapping.run(*payload.document, *payload.element, limits, sink);
        case SignedPayload::Form::JsonText:
            if (format != SourceFormat::Json) return wrongFormat(format);
            return mapping.runJson(payload.jsonText(), limits, sink);
        case SignedPayload::Form::Bytes:
            break;
    }
    if (auto refusal = refuseEncoded(payload)) return std::move(*refusal);
    MemorySource bytes(payload.bytes);
    return mapping.run(bytes, limits, sink, payload.charset, empty);
}

Result<PayloadReport> mapStored(const Mapping& mapping, const SignedPayload& payload, ByteSource* body, Origin origin,
                                const Limits& limits, RecordSink& sink) {
    const EmptySet empty = origin == Origin::Pulled ? EmptySet::Taken : EmptySet::Refused;
    if (body == nullptr) return mapPayload(mapping, payload, limits, sink, empty);
    body->rewind();
    return mapping.run(*body, limits, sink, payload.charset, empty);
}

}  // namespace caseway
