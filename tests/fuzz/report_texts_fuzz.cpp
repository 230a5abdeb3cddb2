// tests/fuzz/report_texts_fuzz.cpp - what strangers write and the morning report takes up, from any bytes: names of
// fields, records, notes of the store; what comes out of them can break neither a page nor a header.
#include "gateway/adapters/mail/mail_sender.hpp"
#include "gateway/base/check.hpp"
#include "gateway/report/connector_sights.hpp"
#include "gateway/report/html_text.hpp"
#include "gateway/report/payload_fields.hpp"
#include "gateway/report/record_facts.hpp"

using namespace caseway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = textOf({data, size});
    std::set<std::string> fields, codes;
    addPayloadFields(
        text, [](std::string_view) { return false; }, 50, fields);
    CASEWAY_CHECK(fields.size() <= 50);
    std::optional<Instant> newest;
    addRecordFacts(text, Instant(std::chrono::hours(24 * 365 * 56)), codes, newest);
    RunSights sights{{fields.begin(), fields.end()}, {codes.begin(), codes.end()}, newest, true};
    ConnectorSights seen;
    seen.take(sights, 1, Instant{});
    const auto again = ConnectorSights::read(seen.text());
    CASEWAY_CHECK(again.ok() && again->text() == seen.text());
    if (const auto note = ConnectorSights::read(text)) {
        const auto same = ConnectorSights::read(note->text());
        CASEWAY_CHECK(same.ok() && same->text() == note->text());
    }
    CASEWAY_CHECK(escapedHtml(text).find_first_of("<>\"'`") == std::string::npos);
    const std::string header = encodedHeaderText(text);
    for (std::size_t at = 0; (at = header.find('\n', at)) != std::string::npos; ++at)
        CASEWAY_CHECK(header[at + 1] == ' ');
    if (const auto address = parseMailAddress(text))
        CASEWAY_CHECK(address->find_first_of("\r\n <>,") == std::string::npos);
    if (const auto server = MailServer::parse(text))
        CASEWAY_CHECK(server->host.find_first_of("\r\n @/") == std::string::npos && server->port != 0);
    return 0;
}
