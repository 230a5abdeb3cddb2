// gateway/cli/message_send.cpp - `caseway message send`: sign a payload in one of the three bindings, send it, keep the
// receipt.
#include "gateway/cli/message_send.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <utility>

#include "gateway/adapters/files/file_source.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/cli/https_client.hpp"
#include "gateway/cli/message_answer.hpp"
#include "gateway/cli/refusal_text.hpp"
#include "gateway/cli/sender_key.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/envelope/http_envelope.hpp"
#include "gateway/formats/envelope/json_envelope.hpp"
#include "gateway/formats/envelope/xml_envelope.hpp"
#include "gateway/formats/text/encoding.hpp"
#include "gateway/ports/clock.hpp"

namespace caseway {
namespace {

/// The gateway's own limit is its setting; this one keeps a disk's image from being read as a payload.
constexpr std::size_t kSignedTreeBytesMax = 256 * 1024 * 1024;

[[noreturn]] void usage(const std::string& text) {
    throw CLI::ValidationError(text);
}

/// A refusal of our own signing functions: the payload or the key does not fit the binding.
template <class T>
T orRefused(Result<T> result) {
    if (result) return std::move(result).value();
    Refusal told = result.error();
    const std::string hint = std::exchange(told.hint, {});  // it stands on a line of its own
    throw Fault(FaultCode::ConfigurationBad, lineOf(told), hint);
}

MessageHeader headerOf(const SendArguments& arguments) {
    MessageHeader header;
    const auto sender = SystemId::parse(arguments.sender);
    if (!sender) usage("--sender: department/system, lower-case letters, digits, _ and -");
    header.sender = *sender;
    header.receiver = arguments.receiver;
    header.mapping = arguments.mapping;
    if (arguments.message_id.empty()) {
        header.message_id = MessageId::random();
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
    std::optional<Sha256> payload_digest = {};
};

/// UTF-8 under `encoding="GBK"` is often good GBK too, of other characters: the parser would sign those.
bool isOtherThanDeclared(const std::string& payload) {
    MemorySource source(payload);
    const auto encoding = findEncoding(source, declaredInXml(std::string_view(payload).substr(0, 256)));
    return encoding && encoding->differs;
}

Outgoing asXml(const MessageHeader& header, const std::string& payload, const PrivateKey& key, const KeyId& key_id) {
    XmlMessage message{header, payload, !looksLikeXml(payload), "application/json", {}, "UTF-8"};
    // Its bytes are not what it declares: they decide where they arrive. Or it bears what no envelope may hold.
    const auto travelAsItIs = [&message] {
        message.as_base64 = true;
        message.media_type = "application/xml";
    };
    if (!message.as_base64 && isOtherThanDeclared(payload)) travelAsItIs();
    auto envelope = signXml(message, key, key_id);
    const auto failsWith = [&](std::string_view code) { return !envelope && envelope.error().code == code; };
    if (failsWith("wrong_encoding") || (failsWith("malformed_envelope") && !message.as_base64)) {
        travelAsItIs();
        envelope = signXml(message, key, key_id);
    }
    return {{{"Content-Type", "application/xml"}}, orRefused(std::move(envelope))};
}

Outgoing asJson(const MessageHeader& header, const std::string& payload, const PrivateKey& key, const KeyId& key_id) {
    if (looksLikeXml(payload))
        throw Fault(FaultCode::ConfigurationBad, "the payload is XML; nothing was sent",
                    "the JSON binding takes JSON alone: --binding xml or http");
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
    Outgoing out;
    out.payload_digest = digestOfFile(arguments.file);
    signHttp(request, header, *out.payload_digest, SystemClock().now(), key, key_id, usualAlgorithm(key.kind()));
    for (const HttpField& field : request.fields) out.fields.emplace_back(field.name, field.value);
    return out;
}

HttpReply post(const SendArguments& arguments, const Outgoing& out) {
    const HttpTarget target{arguments.url, arguments.ca, {}, {}, std::chrono::seconds(arguments.seconds)};
    if (!out.body.empty()) {
        MemorySource body(out.body);
        return exchange(target, "POST", "/v1/messages", out.fields, &body, out.body.size());
    }
    FileSource body(arguments.file);
    return exchange(target, "POST", "/v1/messages", out.fields, &body, std::filesystem::file_size(arguments.file));
}

/// As whoever verifies the envelope reads it; nothing where only the gateway's limits allow it.
std::optional<Sha256> payloadDigestOf(const Outgoing& out, const std::string& binding, const SenderKey& sender,
                                      const MessageHeader& header) {
    if (out.payload_digest) return out.payload_digest;
    const KeyLookup keys = [&](const auto&, const auto&) {
        return Result<std::vector<SigningKey>>({{sender.certificate, header.sender}});
    };
    const auto opened = binding == "json" ? openJson(out.body, JwsForm::Compact, JsonLimits{}, keys)
                                          : openXml(bytesOf(out.body), XmlParseLimits{}, keys);
    return opened ? std::optional(opened->payload_digest) : std::nullopt;
}

/// For whom no answer came: the options with which the very same message goes again, and is taken once.
void sayHowToRepeat(const MessageHeader& header) {
    say(
        fmt::format("the same command with these options sends the very same message, which is taken once:\n"
                    "  --message-id {} --sent-at {}",
                    header.message_id.text(), header.sent_at_text));
}

HttpReply postOrSay(const SendArguments& arguments, const MessageHeader& header, const Outgoing& out) {
    try {
        return post(arguments, out);
    } catch (const NothingSent&) {
        say(fmt::format("message {} was not sent", header.message_id.text()));
        throw;
    } catch (const Fault&) {
        say(fmt::format("no answer to message {}: whether it was taken is not known", header.message_id.text()));
        sayHowToRepeat(header);
        throw;
    }
}

/// What was sent stays in the log for ever, refused or not: a key that took the payload's place must not get there.
void mustBeNoKey(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    std::string head(64 * 1024, '\0');
    stream.read(head.data(), static_cast<std::streamsize>(head.size()));
    head.resize(static_cast<std::size_t>(stream.gcount()));
    if (head.find("-----BEGIN") != std::string::npos && head.find("PRIVATE KEY-----") != std::string::npos)
        throw Fault(FaultCode::ConfigurationBad, file + " holds a private key; nothing was sent",
                    "FILE is the payload; the key goes to --key and never leaves you");
}

/// A password may stand in it, and what is said goes into mails of nightly jobs.
std::string withoutUser(const std::string& url) {
    const std::size_t from = url.find("://"), at = url.rfind('@');
    if (from == std::string::npos || at == std::string::npos || at < from) return url;
    return url.substr(0, from + 3) + "***" + url.substr(at);
}

}  // namespace

std::string trimmed(std::string text) {
    text.erase(text.find_last_not_of(" \t\r\n") + 1);
    return text;
}

void mustBeGateway(const std::string& url) {
    constexpr const char* kForm = "give --url https://HOST:PORT, and nothing behind it";
    if (!url.starts_with("https://"))
        throw Fault(FaultCode::ConfigurationBad, "not an https:// address: " + withoutUser(url), kForm);
    if (const std::string why = addressMistake(url); !why.empty())
        throw Fault(FaultCode::ConfigurationBad, withoutUser(url) + " is no address of a gateway: " + why, kForm);
}

NoteKey logKeyIn(const std::string& file) {
    auto key = NoteKey::parse(trimmed(readFile(file)));
    if (!key)
        throw Fault(FaultCode::ConfigurationBad, file + " is not the public key of a log",
                    "--log-key takes the center's log.pub, a line NAME+ID+KEY");
    return std::move(key).value();
}

int sendMessage(const SendArguments& arguments) {
    // Everything that can be wrong on this side, before anything is sent.
    if (!std::filesystem::is_regular_file(arguments.file))  // it is read twice: for its digest, then to be sent
        throw Fault(FaultCode::FileUnavailable, arguments.file + " is no regular file",
                    "name the file that holds the payload; what a pipe gives goes into a file first");
    mustBeNoKey(arguments.file);
    const SenderKey sender = readSenderKey(arguments.key, arguments.certificate);
    const MessageHeader header = headerOf(arguments);
    mustBeGateway(arguments.url);
    if (!arguments.log_key.empty()) logKeyIn(arguments.log_key);
    Outgoing out;
    if (arguments.binding == "http")
        out = asHttp(arguments, header, sender.key, sender.certificate->id());
    else if (arguments.binding == "json")
        out = asJson(header, readFile(arguments.file, kSignedTreeBytesMax), sender.key, sender.certificate->id());
    else
        out = asXml(header, readFile(arguments.file, kSignedTreeBytesMax), sender.key, sender.certificate->id());
    const HttpReply reply = postOrSay(arguments, header, out);
    if (arguments.brief) {
        say(briefOf(reply, header.sender.text(), arguments.binding));
        if (!isTakenWhole(reply)) say(nextOfBrief(reply, header.message_id.text()));
    } else {
        std::cout << reply.body << std::endl;
        sayAnswer(reply, header.message_id.text());
    }
    if (reply.status == 202)
        say(fmt::format(
            "it is being applied; what becomes of it: caseway message status {} --url {}{} --key {} --cert {}",
            header.message_id.text(), arguments.url, arguments.ca.empty() ? "" : " --ca " + arguments.ca, arguments.key,
            arguments.certificate));
    const bool is_no_answer = isNoAnswer(reply);
    if (is_no_answer)
        say(fmt::format("that is no answer to message {}: whether it was taken is not known",
                        header.message_id.text()));
    if (is_no_answer || reply.status == 429 || reply.status >= 500) sayHowToRepeat(header);
    try {
        if (isTaken(reply) && !arguments.log_key.empty())
            checkReceipt(reply,
                         {header.message_id, header.sender, header.sent_at,
                          payloadDigestOf(out, arguments.binding, sender, header)},
                         {arguments.url, arguments.ca, {}, {}, std::chrono::seconds(arguments.seconds)},
                         arguments.log_key);
    } catch (const ReceiptOfAnother&) {
        say(fmt::format("whether message {} was taken is not known:", header.message_id.text()));
        sayHowToRepeat(header);
        throw;
    } catch (const Fault&) {
        say("the gateway took the message all the same; what is wrong is on the side of its receipt:");
        throw;
    }
    return isTakenWhole(reply) ? kDone : kRefused;
}

}  // namespace caseway
