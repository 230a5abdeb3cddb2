// tests/unit/log/worked_example_test.cpp - the worked example of docs/formats/message-log.md: made here, found there
// byte by byte, and its shell commands run as they stand. CASEWAY_SHOW_EXAMPLE=1 prints the bytes for the page.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

#include "gateway/formats/merkle/hash.hpp"
#include "gateway/log/bundle.hpp"
#include "gateway/log/receipt.hpp"
#include "gateway/log/store_source.hpp"
#include "log_fixture.hpp"

using namespace caseway;
using namespace caseway::testing;

namespace {

std::string page() {
    std::ifstream in(std::string(CASEWAY_SOURCE_DIR) + "/docs/formats/message-log.md", std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// The two leaves of the example: an audit event, then a message.
void fillExample(LogFixture& f) {
    const auto writer = f.store.beginWrite();
    f.log->begin();
    LogEntry audit;
    audit.type = EntryType::Audit;
    audit.received_at = *parseRfc3339("2026-05-04T08:29:00Z");
    audit.detail = "{\"event\":\"started\"}";
    f.log->append(*writer, audit);
    LogEntry entry = f.entryOf(1, LogFixture::linesOf(1));
    entry.message_id = MessageId::parse("0f8fad5b-d9cb-469f-a165-70867728950e");
    entry.received_at = *parseRfc3339("2026-05-04T08:30:00.125Z");
    const std::string envelope = entry.message_id->text() + " housing/permits payload 1";
    entry.envelope_digest = sha256(envelope);
    const LogIndex index = f.log->append(*writer, entry);
    writer->putEnvelope(index, {envelope, ""});
    writer->putOutcomeLines(index, LogFixture::linesOf(1).take());
    writer->putCertificate(*entry.certificate, f.certificate);
    f.log->seal(*writer);
    writer->commit();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(WorkedExample)

BOOST_AUTO_TEST_CASE(the_page_shows_what_the_code_writes) {
    LogFixture f;
    fillExample(f);
    const std::string leaf = *f.store.reader().leaf(1), receipt = f.log->receiptFor(1), head = f.log->checkpoint();
    std::string bundle;
    StoreSource source(f.store.snapshot(), {});
    BOOST_TEST(exportBundle(source, [&](std::string_view bytes) { bundle += bytes; }).ok());
    const std::string parts[] = {
        leaf,   *f.store.reader().leaf(0), *f.store.reader().outcomeLines(1), receipt, head, f.log->verifierKey(),
        bundle, toHex(leafHash(leaf))};
    const std::string text = page();
    const bool show = std::getenv("CASEWAY_SHOW_EXAMPLE") != nullptr;
    for (const std::string& part : parts) {
        if (show) std::cout << part << (part.ends_with('\n') ? "" : "\n") << "----\n";
        BOOST_TEST((text.find(part) != std::string::npos), part);
    }
}

BOOST_AUTO_TEST_SUITE_END()
