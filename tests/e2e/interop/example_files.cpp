// tests/e2e/interop/example_files.cpp - the worked example of docs/formats/messages.md as files.
#include "tests/e2e/interop/example_files.hpp"

#include <fmt/format.h>

#include <fstream>

#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/envelope/header_fields.hpp"
#include "gateway/formats/envelope/http_envelope.hpp"
#include "gateway/formats/envelope/json_envelope.hpp"
#include "gateway/formats/envelope/xml_envelope.hpp"
#include "tests/support/signing_fixture.hpp"

namespace caseway::test {
namespace {

void write(const std::filesystem::path& file, std::string_view text) {
    std::ofstream(file, std::ios::binary) << text;
}

std::string digestLines(std::string_view name, const SignedContent& content) {
    return fmt::format("{0} payload {1}\n{0} content {2}\n{0} envelope {3}\n", name,
                       toHex(content.payload_digest.bytes), toHex(content.content_digest.bytes),
                       toHex(content.envelope_digest.bytes));
}

}  // namespace

void writeExamples(const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    const Party sender = makeParty("housing/permits", KeyKind::EcP256, "2026-01-01T00:00:00Z", "2036-01-01T00:00:00Z");
    const KeyLookup keys = lookupOf({&sender});
    const std::string xml_payload =
        "<Package><Case "
        "no=\"A-1\"><ProjectName>\xE6\x96\xB0\xE5\xBB\xBA\xE5\x8E\x82\xE6\x88\xBF</ProjectName></Case></Package>";
    const std::string json_body = "{\"cases\":[{\"no\":\"A-1\",\"amount\":10.10}]}";
    write(folder / "certificate.pem", sender.certificate->pem());
    write(folder / "header.json", canonicalHeader(sampleHeader()));

    const std::string xml = *signXml({sampleHeader(), xml_payload, false, {}, {}, "UTF-8"}, sender.key, sender.keyId());
    write(folder / "message.xml", xml);
    const std::string jose = *signJson(sampleHeader(), json_body, sender.key, sender.keyId());
    write(folder / "message.jose", jose);
    write(folder / "message.jose.json",
          *signJson(sampleHeader(), json_body, sender.key, sender.keyId(), JwsForm::Flattened));

    HttpRequest request{
        "POST", "/v1/messages", {{"Host", "gateway.example:8443"}, {"Content-Type", "application/json"}}};
    signHttp(request, sampleHeader(), sha256(json_body), sampleHeader().sent_at, sender.key, sender.keyId(),
             SignatureAlgorithm::EcdsaP256Sha256);
    std::string lines = "POST /v1/messages HTTP/1.1\n";
    for (const HttpField& field : request.fields) lines += field.name + ": " + field.value + "\n";
    write(folder / "message.http", lines);
    write(folder / "body.json", json_body);
    auto head = openHttpHead(request, keys);
    CASEWAY_CHECK(head.ok());
    write(folder / "signature-base.txt", head->signature_base);
    const auto http = finishHttp(std::move(*head), sha256(json_body), json_body, true);
    write(folder / "stored-envelope.http", http->stored_envelope);
    write(folder / "digests.txt", "key id " + sender.keyId().text() + "\n" +
                                      digestLines("message.xml", *openXml(bytesOf(xml), {}, keys)) +
                                      digestLines("message.jose", *openJson(jose, JwsForm::Compact, {}, keys)) +
                                      digestLines("message.http", *http));
}

}  // namespace caseway::test
