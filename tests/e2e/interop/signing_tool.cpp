// tests/e2e/interop/signing_tool.cpp - signs and opens messages for the interop test, with keys that the openssl
// command line made.
//   signing_tool sign xml|compact|flattened|http|read KEY CERT PAYLOAD [ALGORITHM]     message, or request lines, on
//   stdout signing_tool open xml|compact|flattened|http|read CERT FILE [BODY]                 "<payload digest> <key
//   id>"; refusal: exit 1 signing_tool base FILE        the signature base of request lines       signing_tool examples
//   FOLDER
#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <sstream>

#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/envelope/http_envelope.hpp"
#include "gateway/formats/envelope/json_envelope.hpp"
#include "gateway/formats/envelope/signature_base.hpp"
#include "gateway/formats/envelope/xml_envelope.hpp"
#include "tests/e2e/interop/example_files.hpp"
#include "tests/support/signing_fixture.hpp"

using namespace caseway;

namespace {

std::string readFile(const std::string& name) {
    std::ifstream stream(name, std::ios::binary);
    if (!stream) throw std::runtime_error(name + " cannot be read");
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

template <class T, class E>
T orStop(Result<T, E> result) {
    if (!result) throw std::runtime_error(test::whyOf(result));
    return std::move(*result);
}

HttpRequest readRequest(const std::string& file) {
    std::istringstream lines(readFile(file));
    HttpRequest request;
    std::string line;
    lines >> request.method >> request.target;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
        const std::size_t colon = line.find(": ");
        if (colon != std::string::npos) request.fields.push_back({line.substr(0, colon), line.substr(colon + 2)});
    }
    return request;
}

std::string linesOf(const HttpRequest& request) {
    std::string lines = request.method + ' ' + request.target + '\n';
    for (const HttpField& field : request.fields) lines += field.name + ": " + field.value + '\n';
    return lines;
}

SignatureAlgorithm algorithmOf(const PrivateKey& key, const std::string& name) {
    if (name == "rsa-pss-sha512") return SignatureAlgorithm::RsaPssSha512;
    if (name == "PS256") return SignatureAlgorithm::RsaPssSha256;
    return usualAlgorithm(key.kind());
}

std::string sign(const std::vector<std::string>& arguments) {
    const std::string& form = arguments[1];
    const PrivateKey key = orStop(PrivateKey::fromPem(readFile(arguments[2])));
    const KeyId key_id = orStop(Certificate::fromPem(readFile(arguments[3])))->id();
    const std::string payload = readFile(arguments[4]);
    const MessageHeader header = test::sampleHeader();
    const SignatureAlgorithm algorithm = algorithmOf(key, arguments.size() > 5 ? arguments[5] : "");
    if (form == "xml") return orStop(signXml({header, payload, false, {}, {}, "UTF-8"}, key, key_id));
    if (form == "compact" || form == "flattened")
        return orStop(signJson(header, payload, key, key_id, form == "compact" ? JwsForm::Compact : JwsForm::Flattened,
                               algorithm));
    if (form == "read") {
        HttpRequest request{"GET", "/v1/cases?status=open", {}};
        signHttpRead(request, header.sent_at, key, key_id);
        return linesOf(request);
    }
    HttpRequest request{"POST", "/v1/messages", {{"Content-Type", "application/xml"}}};
    signHttp(request, header, sha256(payload), header.sent_at, key, key_id, algorithm);
    return linesOf(request);
}

SignedContent openMessage(const std::vector<std::string>& arguments, const KeyLookup& keys) {
    const std::string& form = arguments[1];
    if (form == "xml") return orStop(openXml(bytesOf(readFile(arguments[3])), {}, keys));
    if (form == "http") {
        const std::string body = readFile(arguments[4]);
        return orStop(finishHttp(orStop(openHttpHead(readRequest(arguments[3]), keys)), sha256(body), body, true));
    }
    return orStop(
        openJson(readFile(arguments[3]), form == "compact" ? JwsForm::Compact : JwsForm::Flattened, {}, keys));
}

std::string open(const std::vector<std::string>& arguments) {
    const CertificatePtr certificate = orStop(Certificate::fromPem(readFile(arguments[2])));
    const SystemId owner = test::sampleHeader().sender;
    const KeyLookup keys = [&](const std::optional<SystemId>&,
                               const std::optional<KeyId>& named) -> Result<std::vector<SigningKey>> {
        if (named && *named != certificate->id()) return Refusal{"unknown_key", "", "", "", ""};
        return std::vector<SigningKey>{{certificate, owner}};
    };
    if (arguments[1] == "read") return orStop(openHttpRead(readRequest(arguments[3]), keys)).certificate->id().text();
    const SignedContent content = openMessage(arguments, keys);
    return toHex(content.payload_digest.bytes) + ' ' + content.certificate->id().text();
}

std::string run(const std::vector<std::string>& arguments) {
    if (arguments.size() >= 5 && arguments[0] == "sign") return sign(arguments);
    if (arguments.size() >= 4 && arguments[0] == "open") return open(arguments);
    if (arguments.size() == 2 && arguments[0] == "base") {
        const HttpRequest request = readRequest(arguments[1]);
        const std::string* const input = request.only("signature-input");
        return orStop(signatureBase(request, parseSignatureInput(input == nullptr ? "" : *input).value()));
    }
    if (arguments.size() == 2 && arguments[0] == "examples") return test::writeExamples(arguments[1]), "";
    throw std::runtime_error("usage: see the head of signing_tool.cpp");
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const std::string output = run({argv + 1, argv + argc});
        std::fwrite(output.data(), 1, output.size(), stdout);
        return 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 1;
    }
}
