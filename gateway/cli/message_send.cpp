// gateway/cli/message_send.cpp - `caseway message send`: sign a payload in one of the three bindings, send it, keep the
// receipt.
#include "gateway/cli/message_send.hpp"

#include <fmt/format.h>

#include <iostream>
#include <random>

#include "gateway/adapters/files/file_source.hpp"
#include "gateway/adapters/files/key_file.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/cli/https_client.hpp"
#include "gateway/cli/kept_head.hpp"
#include "gateway/cli/refusal_text.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/envelope/http_envelope.hpp"
#include "gateway/formats/envelope/json_envelope.hpp"
#include "gateway/formats/envelope/xml_envelope.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/text/encoding.hpp"
#include "gateway/log/receipt.hpp"
#include "gateway/ports/clock.hpp"

namespace caseway {
namespace {

MessageId randomId() {
    std::random_device device;
    std::array<std::uint8_t, 16> bytes{};
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(device());
    return MessageId::fromRandom(bytes);
}

[[noreturn]] void usage(const std::string& text) {
    throw CLI::ValidationError(text);
}

/// A refusal of our own signing functions: the payload or the key does not fit the binding.
template <class T>
T orRefused(Result<T> result) {
    if (result) return std::move(result).value();
    throw Fault(FaultCode::ConfigurationBad, lineOf(result.error()), result.error().hint);
}

MessageHeader headerOf(const SendArguments& arguments) {
    MessageHeader header;
    const auto sender = SystemId::parse(arguments.sender);
    if (!sender) usage("--sender: department/system, lower-case letters, digits, _ and -");
    header.sender = *sender;
    header.receiver = arguments.receiver;
    header.mapping = arguments.mapping;
    if (arguments.message_id.empty()) {
        header.message_id = randomId();
    } else {
        const auto id = MessageId::parse(arguments.message_id);
        if (!id) usage("--message-id: a UUID");
        header.message_id = *id;
    }
    header.sent_at_text = arguments.sent_at.empty() ? toRfc3339(SystemClock().now()) : arguments.sent_at;
    const auto sent_at = parseRfc3339(header.sent_at_text);
    if (!sent_at) usage("--sent-at: RFC 3339 with offset, as 2026-05-04T08:30:00+08:00");
    header.sent_at = *sent_at;
    return header;
}

bool looksLikeXml(const std::string& payload) {
    const std::size_t first = payload.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    return first != std::string::npos && payload[first] == '<';
}

/// The file's media type, for the HTTP binding.
std::string mediaTypeOf(bool xml) {
    return xml ? "application/xml" : "application/json";
}

struct Outgoing {
    std::vector<std::pair<std::string, std::string>> fields;
    std::string body;  ///< empty: the file itself, streamed
};

Outgoing asXml(const MessageHeader& header, const std::string& payload, const PrivateKey& key, const KeyId& key_id) {
    XmlMessage message{header, payload, !looksLikeXml(payload), "application/json", {}, "UTF-8"};
    auto envelope = signXml(message, key, key_id);
    if (!envelope &&
        envelope.error().code == "wrong_encoding") {  // its bytes are not what it declares: they travel as they are
        message.as_base64 = true;
        message.media_type = "application/xml";
        envelope = signXml(message, key, key_id);
    }
    return {{{"Content-Type", "application/xml"}}, orRefused(std::move(envelope))};
}

Outgoing asJson(const MessageHeader& header, const std::string& payload, const PrivateKey& key, const KeyId& key_id) {
    MemorySource source(payload);
    const FoundEncoding encoding = orRefused(findEncoding(source, {}));
    const std::string text = orRefused(toUtf8(payload, encoding));
    return {{{"Content-Type", "application/jose"}}, orRefused(signJson(header, text, key, key_id))};
}

Sha256 digestOfFile(const std::string& file) {
    FileSource source(file);
    Sha256Stream digest;
    std::vector<char> buffer(256 * 1024);
    for (std::size_t count = source.read(buffer); count != 0; count = source.read(buffer))
        digest.update(std::string_view(buffer.data(), count));
    return digest.finish();
}

Outgoing asHttp(const SendArguments& arguments, const MessageHeader& header, const PrivateKey& key,
                const KeyId& key_id) {
    FileSource source(arguments.file);
    std::vector<char> first(64);
    const std::size_t count = source.read(first);
    HttpRequest request{
        "POST", "/v1/messages", {{"Content-Type", mediaTypeOf(looksLikeXml(std::string(first.data(), count)))}}};
    signHttp(request, header, digestOfFile(arguments.file), SystemClock().now(), key, key_id,
             usualAlgorithm(key.kind()));
    Outgoing out;
    for (const HttpField& field : request.fields) out.fields.emplace_back(field.name, field.value);
    return out;
}

HttpReply post(const SendArguments& arguments, const Outgoing& out) {
    const HttpTarget target{arguments.url, arguments.ca, {}, {}};
    if (!out.body.empty()) {
        MemorySource body(out.body);
        return exchange(target, "POST", "/v1/messages", out.fields, &body, out.body.size());
    }
    FileSource body(arguments.file);
    return exchange(target, "POST", "/v1/messages", out.fields, &body, std::filesystem::file_size(arguments.file));
}

/// One line about an answer, for people.
std::string brief(const SendArguments& arguments, const MessageHeader& header, const HttpReply& reply) {
    JsonTree tree;
    const auto parsed = parseJson(reply.body, JsonLimits{}, tree);
    const auto text = [](const JsonValue* value) {
        return value == nullptr ? std::string() : std::string(value->text);
    };
    std::string line = fmt::format("{:<18} {} {}", header.sender.text(), arguments.binding, reply.status);
    if (!parsed) return line;
    const JsonValue& answer = **parsed;
    if (const std::string code = text(answer.find("code")); !code.empty()) line += " " + code;
    if (const std::string outcome = text(answer.find("outcome")); !outcome.empty()) line += " " + outcome;
    if (const JsonValue* records = answer.find("records"))
        for (const char* name : {"new", "changed", "same", "stale", "refused"})
            if (const std::string count = text(records->find(name)); !count.empty() && count != "0")
                line += fmt::format(", {} {}", count, name);
    if (const JsonValue* refusals = answer.find("refusals"); refusals != nullptr && refusals->count > 0)
        line += fmt::format(" ({}: {})", text(refusals->items[0].find("where")), text(refusals->items[0].find("code")));
    return line;
}

NoteKey logKeyOf(const SendArguments& arguments) {
    auto key = NoteKey::parse(trimmed(readFile(arguments.log_key)));
    if (!key)
        throw Fault(FaultCode::ConfigurationBad, arguments.log_key + " is not the public key of a log",
                    "--log-key takes the center's log.pub, a line NAME+ID+KEY");
    return std::move(key).value();
}

/// Everything that can be wrong on this side, before anything is sent.
void checkBeforehand(const SendArguments& arguments, const PrivateKey& key, const Certificate& certificate) {
    if (!arguments.url.starts_with("https://"))
        throw Fault(FaultCode::ConfigurationBad, "not an https:// address: " + arguments.url,
                    "give --url https://HOST:PORT");
    if (!arguments.log_key.empty()) logKeyOf(arguments);
    const SignatureAlgorithm algorithm = usualAlgorithm(key.kind());
    const std::string signature = key.sign(algorithm, bytesOf("caseway"));
    if (key.kind() != certificate.key().kind() ||
        !certificate.key().verify(algorithm, bytesOf("caseway"), bytesOf(signature)))
        throw Fault(FaultCode::ConfigurationBad, arguments.key + " does not belong to " + arguments.certificate,
                    "give the key with which that certificate was made");
}

/// What the gateway refused, for people: code, place, rule and what to do, also of single records.
void sayRefusals(const HttpReply& reply, const MessageHeader& header) {
    JsonTree tree;
    const auto parsed = parseJson(reply.body, JsonLimits{}, tree);
    sayError(fmt::format("the gateway answered {} to message {}", reply.status, header.message_id.text()));
    if (!parsed) return;
    const auto line = [](const JsonValue& refusal, std::string_view rule_name) {
        const auto text = [&](std::string_view name) {
            const JsonValue* value = refusal.find(name);
            return value == nullptr ? std::string() : std::string(value->text);
        };
        Refusal shown{text("code"), text("where"), text("value"), text(rule_name), text("hint"), {}};
        say("  " + lineOf(shown));
    };
    line(**parsed, "detail");
    if (const JsonValue* refusals = (*parsed)->find("refusals"))
        for (std::uint32_t i = 0; i < std::min<std::uint32_t>(refusals->count, 20); ++i)
            line(refusals->items[i], "rule");
}

void checkReceipt(const SendArguments& arguments, const HttpReply& reply) {
    if (arguments.log_key.empty()) return;
    const NoteKey key = logKeyOf(arguments);
    const Receipt receipt = orRefused(parseReceipt(reply.body));
    std::string text;
    appendReceipt(receipt.leaf, receipt.proof, text);
    const VerifiedReceipt verified = orRefused(verifyReceipt(text, key));
    KeptHead(arguments.log_key).advance({arguments.url, arguments.ca, {}, {}}, verified.checkpoint, key);
}

}  // namespace

std::string trimmed(std::string text) {
    text.erase(text.find_last_not_of(" \t\r\n") + 1);
    return text;
}

int sendMessage(const SendArguments& arguments) {
    const PrivateKey key = readPrivateKey(arguments.key);
    const CertificatePtr certificate = orRefused(Certificate::fromPem(readFile(arguments.certificate)));
    const MessageHeader header = headerOf(arguments);
    checkBeforehand(arguments, key, *certificate);
    Outgoing out;
    if (arguments.binding == "http")
        out = asHttp(arguments, header, key, certificate->id());
    else if (arguments.binding == "json")
        out = asJson(header, readFile(arguments.file), key, certificate->id());
    else
        out = asXml(header, readFile(arguments.file), key, certificate->id());
    const HttpReply reply = post(arguments, out);
    if (arguments.brief)
        say(brief(arguments, header, reply));
    else
        std::cout << reply.body << "\n";
    const bool taken = reply.status == 200 || reply.status == 202;
    if (taken) checkReceipt(arguments, reply);
    if (!taken && !arguments.brief) sayRefusals(reply, header);
    return taken ? kDone : kRefused;
}

}  // namespace caseway
