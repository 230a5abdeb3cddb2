// tests/unit/pipeline/many_mistakes_test.cpp - signed messages with several mistakes at once, in each binding: whatever
// the intake says of them, the log stays good.
#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <random>

#include "gateway/base/base64.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/envelope/header_fields.hpp"
#include "gateway/formats/envelope/signature_base.hpp"
#include "tests/support/document_signing.hpp"
#include "tests/unit/pipeline/pipeline_fixture.hpp"

using namespace caseway;
using namespace caseway::test;
namespace data = boost::unit_test::data;

namespace {

constexpr std::size_t kSpoolAbove = 4000;

/// A message before it is signed: nothing of it is held to any rule.
struct Draft {
    std::vector<std::pair<std::size_t, std::string>> fields;  ///< place in kHeaderFieldNames (or behind it), value
    std::string body, spoiled_body;                           ///< what is sent where it is not what was signed
    std::string coding;
    std::string beside;  ///< beside header and body, where the binding has room for it
    const Party* signer = &housing();
    KeyId key_id = housing().keyId();
    Instant created = instantOf("2026-05-04T00:30:00Z");
    bool is_spoiled = false;

    std::string& field(std::size_t place) {
        const auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& f) { return f.first == place; });
        return found != fields.end() ? found->second : fields.emplace_back(place, "").second;
    }
    void without(std::size_t place) {
        fields.erase(std::remove_if(fields.begin(), fields.end(), [&](const auto& f) { return f.first == place; }),
                     fields.end());
    }
};

enum Place : std::size_t { kId, kFrom, kTo, kWhen, kBy, kCorrelation, kPrevious, kStranger };

Draft goodDraft(std::uint8_t number, Binding binding) {
    const MessageHeader header = sampleHeader();
    Draft draft;
    draft.fields = {{kId, MessageId::fromBytes({number, 1}).text()},
                    {kFrom, header.sender.text()},
                    {kTo, header.receiver},
                    {kWhen, header.sent_at_text},
                    {kBy, binding == Binding::Xml ? "housing.xml" : header.mapping}};
    const std::string no = std::to_string(number);
    draft.body = binding == Binding::Xml
                     ? "<Cases xmlns=\"\"><Case><Id>" + no + "</Id><Status>10</Status></Case></Cases>"
                     : R"([{"no":"A-)" + no + R"(","id":")" + no + R"(","status":"10"}])";
    return draft;
}

struct Mistake {
    std::string_view what;
    void (*make)(Draft&);
};

const Mistake kMistakes[] = {
    {"another receiver", [](Draft& d) { d.field(kTo) = "other/gateway"; }},
    {"an empty receiver", [](Draft& d) { d.field(kTo).clear(); }},
    {"no receiver", [](Draft& d) { d.without(kTo); }},
    {"a receiver with a blank", [](Draft& d) { d.field(kTo) = "center gateway"; }},
    {"too old", [](Draft& d) { d.field(kWhen) = "2020-05-04T08:30:00+08:00"; }},
    {"of the future", [](Draft& d) { d.field(kWhen) = "2027-05-04T08:30:00+08:00"; }},
    {"no time", [](Draft& d) { d.without(kWhen); }},
    {"not a time", [](Draft& d) { d.field(kWhen) = "yesterday"; }},
    {"a time without a year of UTC", [](Draft& d) { d.field(kWhen) = "9999-12-31T23:59:59-08:00"; }},
    {"a leap second", [](Draft& d) { d.field(kWhen) = "2026-05-04T08:30:60+08:00"; }},
    {"an unknown mapping", [](Draft& d) { d.field(kBy) = "housing.none"; }},
    {"a mapping that is not granted", [](Draft& d) { d.field(kBy) = "police.none"; }},
    {"a mapping with a blank", [](Draft& d) { d.field(kBy) = "housing permit"; }},
    {"no mapping", [](Draft& d) { d.without(kBy); }},
    {"no id", [](Draft& d) { d.without(kId); }},
    {"an id that is none", [](Draft& d) { d.field(kId) = "1"; }},
    {"an id in capitals", [](Draft& d) { d.field(kId) = "AB7B9A52-3C1F-4A55-9A0F-2F6F3F1C8D11"; }},
    {"an id that was used",
     [](Draft& d) {
         d.field(kId) = MessageId::fromBytes({1, 1}).text();
     }},
    {"another's name", [](Draft& d) { d.field(kFrom) = police().id.text(); }},
    {"a name that is none", [](Draft& d) { d.field(kFrom) = "Housing"; }},
    {"nobody's name", [](Draft& d) { d.field(kFrom) = "nobody/known"; }},
    {"no name", [](Draft& d) { d.without(kFrom); }},
    {"a correlation that is none", [](Draft& d) { d.field(kCorrelation) = "none"; }},
    {"an empty one", [](Draft& d) { d.field(kPrevious).clear(); }},
    {"an unknown field", [](Draft& d) { d.field(kStranger) = "1"; }},
    {"a field twice", [](Draft& d) { d.fields.emplace_back(kTo, "center/gateway"); }},
    {"a long value", [](Draft& d) { d.field(kBy) = std::string(300, 'm'); }},
    {"another's signature", [](Draft& d) { d.signer = &police(); }},
    {"another's key and its signature", [](Draft& d) { d.signer = &police(), d.key_id = police().keyId(); }},
    {"a key that nobody has", [](Draft& d) { d.key_id = KeyId(sha256("none")); }},
    {"a spoiled signature", [](Draft& d) { d.is_spoiled = true; }},
    {"an empty body", [](Draft& d) { d.body.clear(); }},
    {"a broken body", [](Draft& d) { d.body.resize(d.body.size() / 2); }},
    {"a body of no records", [](Draft& d) { d.body = d.body.starts_with('<') ? "<Cases xmlns=\"\"/>" : "[]"; }},
    {"a body that is spooled", [](Draft& d) { d.body.append(kSpoolAbove, ' '); }},
    {"a body of other bytes", [](Draft& d) { d.spoiled_body = d.body + " "; }},
    {"a body that is no UTF-8", [](Draft& d) { d.body.insert(d.body.size() / 2, "\xff"); }},
    {"a doctype", [](Draft& d) { d.body.insert(0, "<!DOCTYPE a>"); }},
    {"members twice", [](Draft& d) { d.body = R"([{"id":"1","id":"2"}])"; }},
    {"something beside it", [](Draft& d) { d.beside = "Note"; }},
    {"a coding", [](Draft& d) { d.coding = "gzip"; }},
    {"made long ago", [](Draft& d) { d.created = instantOf("2020-05-04T00:30:00Z"); }},
    {"made ahead", [](Draft& d) { d.created = instantOf("2027-05-04T00:30:00Z"); }},
};
constexpr std::size_t kMistakeCount = std::size(kMistakes);

std::string nameOf(std::size_t place, Binding binding) {
    if (place >= kHeaderFieldCount)
        return binding == Binding::Http ? "caseway-note" : binding == Binding::Json ? "note" : "Note";
    const HeaderFieldNames& names = kHeaderFieldNames[place];
    return std::string(binding == Binding::Http ? names.http : binding == Binding::Json ? names.json : names.xml);
}

using Sent = std::pair<HttpRequest, std::string>;

HttpRequest postOf(std::string_view type) {
    return {"POST", "/v1/messages", {{"Content-Type", std::string(type)}}};
}

void spoil(std::string& text, std::size_t at) {
    text[at] = text[at] == 'A' ? 'B' : 'A';
}

Sent asJson(const Draft& draft) {
    std::string header;
    for (const auto& [place, value] : draft.fields)
        header += (header.empty() ? "\"" : ",\"") + nameOf(place, Binding::Json) + "\":\"" + value + '"';
    std::string payload = "{\"header\":{" + header + "}";
    if (!draft.body.empty()) payload += ",\"body\":" + draft.body;
    if (!draft.beside.empty()) payload += ",\"note\":1";
    const std::string input =
        toBase64Url(bytesOf(R"({"alg":"ES256","kid":")" + draft.key_id.text() + R"(","typ":"caseway-message+jws"})")) +
        '.' + toBase64Url(bytesOf(payload + "}"));
    std::string signature =
        toBase64Url(bytesOf(draft.signer->key.sign(SignatureAlgorithm::EcdsaP256Sha256, bytesOf(input))));
    if (draft.is_spoiled) spoil(signature, 9);
    return {postOf("application/jose"), input + '.' + signature};
}

Sent asHttp(const Draft& draft) {
    HttpRequest request = postOf("application/json");
    std::vector<std::string> components{"@method", "@path", "content-type", "content-digest"};
    if (!draft.coding.empty()) request.fields.push_back({"Content-Encoding", draft.coding});
    if (!draft.coding.empty()) components.push_back("content-encoding");
    std::vector<HttpField> doubled;  // nobody can sign them: they come on the way
    for (const auto& [place, value] : draft.fields) {
        const std::string name = nameOf(place, Binding::Http);
        const bool is_first = std::find(components.begin(), components.end(), name) == components.end();
        (is_first ? request.fields : doubled).push_back({name, value});
        if (is_first) components.push_back(name);
    }
    request.fields.push_back({"Content-Digest", "sha-256=:" + toBase64(sha256(draft.body).bytes) + ":"});
    appendSignature(request, components, "caseway-message", draft.created, draft.signer->key, draft.key_id,
                    SignatureAlgorithm::EcdsaP256Sha256);
    if (draft.is_spoiled) spoil(request.fields.back().value, 12);
    request.fields.insert(request.fields.end(), doubled.begin(), doubled.end());
    return {request, draft.spoiled_body.empty() ? draft.body : draft.spoiled_body};
}

bool isXml(const std::string& text) {
    const int size = static_cast<int>(text.size());
    return XmlDocHandle(xmlReadMemory(text.data(), size, nullptr, nullptr, XML_PARSE_NOERROR | XML_PARSE_NOWARNING)) !=
           nullptr;
}

/// Nothing where no tool could sign it.
std::optional<Sent> asXml(const Draft& draft) {
    std::string header;
    for (const auto& [place, value] : draft.fields) {
        const std::string name = nameOf(place, Binding::Xml);
        header += '<' + name + '>' + value + "</" + name + '>';
    }
    SignatureTemplate form;
    form.canonicalization = form.transform = kExclusive;
    form.key_info = "<ds:KeyName>" + draft.key_id.text() + "</ds:KeyName>";
    std::string document = "<Message xmlns=\"urn:caseway:exchange:1\"><Header>" + header + "</Header><Body>" +
                           draft.body + "</Body>" + (draft.beside.empty() ? "" : "<Note/>") + form.text() +
                           "</Message>";
    if (!isXml(document)) return std::nullopt;
    document = signedBy(*draft.signer, document);
    if (draft.is_spoiled) spoil(document, document.find("<ds:SignatureValue>") + 30);
    return Sent{postOf("application/xml"), document};
}

constexpr std::string_view kXml = R"(mapping: housing.xml
source: {format: xml, records: "//Case"}
fields:
  source_case_no: Id
  status: Status
)";

/// How it comes; of the HTTP binding also beside the store, and with a body that is not read.
enum class Way { Xml, Json, Http, Spooled, Unread };

struct Intake : Pipeline {
    explicit Intake(Way of) : Pipeline(kSpoolAbove), way(of) {
        auto& system = known.ring->systems[housing().id];
        system.mappings = {"housing.permit", "housing.xml", "housing.none"};
        mappings.replace({{"housing.permit", compiled(kPermitMapping)}, {"housing.xml", compiled(kXml)}});
    }
    /// The number of the answer; 0 where it cannot be made.
    int send(const std::vector<std::size_t>& mistakes) {
        Draft draft = goodDraft(++number, way == Way::Xml ? Binding::Xml : Binding::Json);
        for (const std::size_t one : mistakes) kMistakes[one].make(draft);
        std::optional<Sent> sent = way == Way::Xml    ? asXml(draft)
                                   : way == Way::Json ? std::optional(asJson(draft))
                                                      : std::optional(asHttp(draft));
        if (!sent) return 0;
        std::promise<Answer> answered;
        give(sent->first, std::move(sent->second), [&](Answer answer) { answered.set_value(std::move(answer)); });
        return answered.get_future().get().status;
    }
    void give(const HttpRequest& request, std::string body, AnswerSink answer) {
        if (way == Way::Unread)
            return exchange.refuseUnread(request, Refusal{"too_large", "body", "", "fewer bytes", "", {}},
                                         std::move(answer), {nullptr, "POST /v1/messages\n"});
        if (way != Way::Spooled) return exchange.take(request, std::move(body), std::move(answer));
        auto head = verifier.verifyHead(request);
        SpooledBody spooled{{}, sha256(body), 0};
        if (head && head->head.body_digest == spooled.digest) {
            spooled.file = toHex(spooled.digest.bytes);
            bodies.keep(spooled.file, body);
        }
        exchange.take(std::move(head), spooled, std::move(answer), {nullptr, "POST /v1/messages\n"});
    }
    /// Of all that was sent: samples of strangers' messages are written behind their answers. A bundle says the same.
    std::string verdictAtEnd() {
        large->stop();
        committer.stop();
        const std::string found = verdict();
        return found == "good" ? bundleVerdict() : found;
    }
    const Way way;
    std::uint8_t number = 0;
};

#if defined(__SANITIZE_THREAD__)
constexpr std::size_t kStep = 8;  // each takes long there, and threads do the same in all
#else
constexpr std::size_t kStep = 1;
#endif

const auto kWays = data::make({Way::Xml, Way::Json, Way::Http, Way::Spooled, Way::Unread});

}  // namespace

BOOST_TEST_DONT_PRINT_LOG_VALUE(Way)

BOOST_AUTO_TEST_SUITE(ManyMistakes)

BOOST_DATA_TEST_CASE(a_message_without_any_is_taken, kWays, way) {
    Intake p(way);
    BOOST_TEST(p.send({}) == (way == Way::Unread ? 413 : way == Way::Spooled ? 202 : 200));
    BOOST_TEST(p.verdict() == "good");
}

BOOST_DATA_TEST_CASE(two_leave_a_good_log, kWays, way) {
    for (std::size_t first = 0; first < kMistakeCount; first += kStep) {
        Intake p(way);
        p.send({});
        for (std::size_t second = first; second < kMistakeCount; ++second) p.send({first, second});
        const std::string verdict = p.verdictAtEnd();
        BOOST_TEST(verdict == "good", kMistakes[first].what << ": " << verdict);
    }
}

BOOST_DATA_TEST_CASE(many_leave_a_good_log, kWays, way) {
    std::mt19937 chance(20260504);
    for (std::size_t round = 0; round < 8; round += kStep) {
        Intake p(way);
        p.send({});
        for (int i = 0; i < 25; ++i) {
            std::vector<std::size_t> mistakes(3 + chance() % 3);
            for (std::size_t& one : mistakes) one = chance() % kMistakeCount;
            p.send(mistakes);
        }
        const std::string verdict = p.verdictAtEnd();
        BOOST_TEST(verdict == "good", "round " << round << ": " << verdict);
    }
}

BOOST_AUTO_TEST_SUITE_END()
