// connectors/soap/soap_type.cpp - the spec of `soap` and its connectors: the codec of this folder over the sdk's
// client.
#include "connectors/soap/soap_type.hpp"

#include <fmt/format.h>
#include <openssl/rand.h>

#include <algorithm>

#include "connectors/sdk/answer_reader.hpp"
#include "connectors/sdk/check_run.hpp"
#include "connectors/sdk/faults.hpp"
#include "connectors/sdk/http_auth.hpp"
#include "connectors/sdk/http_faults.hpp"
#include "connectors/sdk/page_walk.hpp"
#include "connectors/soap/soap_answer.hpp"
#include "connectors/soap/soap_request.hpp"
#include "gateway/base/check.hpp"
#include "gateway/base/mask.hpp"
#include "gateway/base/time.hpp"
#include "gateway/formats/text/encoding.hpp"
#include "gateway/formats/text/lower_case.hpp"
#include "gateway/formats/xml/document.hpp"

namespace caseway {
namespace {

const std::string kOwnMembers = R"(
"url":{"type":"string","minLength":1,"description":"of the service, not of its WSDL","examples":["https://permits.example/ws/cases"]},
"version":{"type":"string","enum":["1.1","1.2"],"default":"1.1","description":"of SOAP"},
"action":{"type":"string","default":"","description":"SOAPAction, as the WSDL has it"},
"request":{"type":"string","minLength":1,
  "description":"the element in the body, as XML; the marks are explained in README.md",
  "examples":["<q:getCases xmlns:q=\"urn:permits\"><from>{{since}}</from><page>{{page}}</page></q:getCases>"]},
"header":{"type":"string","default":"","description":"elements in the header, as XML, with the same marks"},
"values":{"type":"object","additionalProperties":{"type":"string"},
  "description":"further values for marks; a secret belongs into account.password, for {{password}}"},
"account":{"type":"object","additionalProperties":false,
  "description":"user and password that the operation wants among its arguments",
  "properties":{"user":{"type":"string","description":"for {{user}}"},"password":{"format":"secret","description":"for {{password}}"}}},
"security":{"type":"object","additionalProperties":false,"description":"a UsernameToken of WS-Security in the header","required":["user"],
  "properties":{"user":{"type":"string","description":"its name"},"password":{"format":"secret","description":"its password"},
  "kind":{"type":"string","enum":["text","digest"],"default":"text","description":"how the password is sent"}}},
"payload":{"type":"object","additionalProperties":false,
  "description":"where the department's document is; absent: the first element of the body",
  "properties":{"name":{"type":"string","description":"local name of the element"},
  "namespace":{"type":"string","default":"","description":"its namespace"},
  "content":{"type":"string","enum":["element","text"],"default":"element",
    "description":"text: the element holds the document as a text, escaped or in CDATA"}}})";

std::string schema() {
    return R"({"type":"object","additionalProperties":false,"required":["url","request"],"properties":{)" +
           kOwnMembers + "," + AnswerReader::settingsMembers("xml") + "," + PageRules::settingsMembers(false) + "," +
           kHttpSettingsMembers + "}}";
}

constexpr const char* kNotVerified =
    "the WS-Security signature in the envelope's head is neither verified nor kept: for proof the department signs the "
    "document itself (ds:Signature)";

class SoapConnector final : public Connector {
public:
    SoapConnector(const SettingsTree& settings, const ConnectorSurroundings& surroundings)
        : client_(readDialing(settings), surroundings),
          auth_(settings.in("auth")),
          fields_(readFields(settings)),
          address_(readAddress(settings, "url")),
          version_(settings.text("version") == "1.2" ? SoapVersion::V12 : SoapVersion::V11),
          action_(settings.text("action")),
          request_(settings.text("request")),
          header_(settings.text("header")),
          rules_(PageRules::read(settings)),
          reader_(settings, rules_.next, rules_.time, rules_.style != PageStyle::None) {
        if (!isFieldValue(action_) || action_.find('"') != std::string::npos)
            settings.refuse("action", "it has quotes or line breaks", "write it as in the WSDL");
        const SettingsTree payload = settings.in("payload"), values = settings.in("values");
        rule_ = {payload.text("name"), payload.text("namespace"), payload.text("content") == "text"};
        for (const std::string& name : values.names()) values_[name] = values.text(name);
        values_["user"] = settings.in("account").text("user");
        values_["password"] = settings.in("account").text("password");
        if (settings.has("security")) {
            const SettingsTree security = settings.in("security");
            token_.emplace(UsernameToken{
                security.text("user"), security.text("password"), security.text("kind") == "digest", {}, {}});
        }
        mustBeTemplate(settings, "request", request_);
        mustBeTemplate(settings, "header", header_);
    }

    std::vector<CheckStep> check() override {
        client_.beginCall();
        CheckRun run;
        HttpAnswer answer;
        std::string document;
        run.then("look up " + address_.host, [&] { return shownLookUp(address_, client_.lookUp(address_)); });
        run.then("call the operation", [&] {
            answer = call(PageWalk(rules_, "", {}).question());
            return fmt::format("HTTP status {}, {} bytes", answer.status, answer.body.size());
        });
        run.then("take the payload out of the envelope", [&] {
            bool is_signed = false;
            document = documentOf(answer, &is_signed);
            return fmt::format("{} bytes{}{}", document.size(), is_signed ? "; " : "", is_signed ? kNotVerified : "");
        });
        run.then("find the records", [&] {
            const AnswerFacts facts = reader_.read(document, address_.shown());
            PageWalk::mustBeWhole(PageWalk(rules_, "", {}).take(facts, answer.answeredMs(), address_.shown()),
                                  address_.shown());
            PageWalk::mustBeCounted(facts, address_.shown());
            return fmt::format("{} records{}", facts.records, PageWalk::countText(rules_, facts));
        });
        return std::move(run).steps();
    }

    std::vector<SourceObject> discover() override {
        client_.beginCall();
        const AnswerFacts facts = reader_.read(documentOf(call(PageWalk(rules_, "", {}).question())), address_.shown());
        return {{address_.path, reader_.mediaType(), facts.total, facts.fields}};
    }

    PageEnd read(const Cursor& from, const PageLimits& limits, PageSink& sink) override {
        client_.beginCall();
        PageWalk walk(rules_, from, limits, from != given_);
        PageEnd end = readPage(walk, sink);
        given_ = end.next;
        return end;
    }

    /// The other side has nothing to mark: where reading stands is in the cursor alone.
    void acknowledge(const Cursor&) override {}

    std::vector<WriteAnswer> write(const std::vector<OutgoingItem>&) override {
        throw notDone("this type only reads", "use `http` for what is sent");
    }

private:
    PageEnd readPage(PageWalk& walk, PageSink& sink) {
        const PageQuestion question = walk.question();
        HttpAnswer answer;
        std::string document;
        AnswerFacts facts;
        bool is_signed = false;
        try {
            answer = call(question);
            document = documentOf(answer, &is_signed);
            facts = reader_.read(document, address_.shown());
        } catch (const ConnectorFault& fault) {
            return walk.refused(fault);
        }
        if (const auto before = walk.questionBefore(facts))
            while (walk.lookBack(reader_.read(documentOf(call(*before)), address_.shown()), facts)) continue;
        try {
            if (walk.mayRepeat(facts)) walk.repeats(facts, reader_.read(documentOf(call(question)), address_.shown()));
        } catch (const ConnectorFault& fault) {
            walk.repeatRefused(fault);
        }
        PageEnd end = walk.take(facts, answer.answeredMs(), address_.shown());
        end.clock_ahead = answer.clockAhead();
        if (is_signed) end.note = kNotVerified;
        if (end.records == 0) return end;
        sink.payload({address_.path + (question.position.empty() ? "" : " " + question.position.substr(0, 40)),
                      reader_.mediaType(), facts.records});
        sink.bytes(document);
        return end;
    }

    /// Marks are known, and what is around them is XML.
    void mustBeTemplate(const SettingsTree& settings, const char* name, const std::string& text) const {
        SoapValues known = valuesFor({});
        const auto marks = marksOf(text);
        if (!marks) settings.refuse(name, "a mark {{ is not closed", "write {{page}}");
        for (const std::string& mark : *marks)
            if (known.find(mark) == known.end())
                settings.refuse(name, "there is no value for {{" + mark + "}}", "give it in `values`");
        const bool has_pages = rules_.style != PageStyle::None;
        for (const std::string& mark : *marks)
            if (!has_pages && (mark == "page" || mark == "offset" || mark == "cursor"))
                settings.refuse(name, "{{" + mark + "}} would be empty: `paging` does not say how pages are asked for",
                                "give `paging.style`: page, offset or cursor; or write what is always sent");
        const auto parsed = parseXml(bytesOf(soapEnvelope(version_, "", filled(text, known))), {});
        if (!parsed)
            settings.refuse(name,
                            "with its marks filled it is no XML: " + parsed.error().code + " " + parsed.error().where,
                            "declare its namespaces in it, close its elements");
    }

    SoapValues valuesFor(const PageQuestion& question) const {
        SoapValues values = values_;
        for (const char* name : {"page", "offset", "cursor"}) values[name] = question.position;
        values["size"] = question.size;
        values["since"] = question.since;
        return values;
    }

    std::string securityNow() const {
        if (!token_) return {};
        UsernameToken token = *token_;
        token.nonce.resize(16);
        CASEWAY_CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(token.nonce.data()), 16) == 1);
        const auto now = std::chrono::system_clock::now();
        token.created = toRfc3339(std::chrono::floor<std::chrono::seconds>(now));
        return securityHeader(token, version_);
    }

    HttpAnswer call(const PageQuestion& question) {
        const SoapValues values = valuesFor(question);
        WebRequest request{.method = "POST", .address = auth_.address(address_)};
        request.body = soapEnvelope(version_, securityNow() + filled(header_, values), filled(request_, values));
        if (version_ == SoapVersion::V11) {
            request.fields = {{"Content-Type", "text/xml; charset=utf-8"}, {"SOAPAction", '"' + action_ + '"'}};
        } else {
            const std::string action = action_.empty() ? "" : "; action=\"" + action_ + '"';
            request.fields = {{"Content-Type", "application/soap+xml; charset=utf-8" + action}};
        }
        for (bool again = false;; again = true) {
            request.credentials = fields_;
            for (auto& field : auth_.fields(client_)) request.credentials.push_back(std::move(field));
            HttpAnswer answer = client_.exchange(request);
            if (answer.status != 401 || again || !auth_.renew()) return answer;
        }
    }

    /// The department's document. A SOAP fault comes with a status of its own, so the envelope is looked at first.
    std::string documentOf(const HttpAnswer& answer, bool* is_signed = nullptr) const {
        const std::string where = answer.address.shown();
        MemorySource source(answer.body);
        const auto found = findEncoding(source, declaredInXml(std::string_view(answer.body).substr(0, 256)));
        const auto text = found.ok() ? toUtf8(answer.body, *found) : Result<std::string>(found.error());
        auto read = text.ok() ? readSoapAnswer(*text, version_, rule_) : Result<SoapAnswer>(text.error());
        if (read.ok() && read->fault) throw faultOf(*read->fault, where);
        if (answer.status != 200) throw faultOfStatus(answer);
        if (lowerCase(answer.field("content-type")).starts_with("multipart/"))
            throw configFault("answer_in_parts", where, "an answer in parts (MTOM, attachments), of which none is read",
                              "ask the department to switch MTOM off for this operation");
        if (read.ok() && read->document.find_first_not_of(" \t\r\n") == std::string::npos)
            throw transientFault(
                "answer_malformed", where, "the payload is empty: that may be no records, or a fault",
                "ask the department for a document with an empty list, and `success` or `total` in it");
        if (read.ok() && is_signed != nullptr) *is_signed = read->is_signed;
        if (read.ok()) return std::move(read->document);
        const Refusal& refusal = read.error();
        if (refusal.code == "payload_not_single")
            throw configFault("payload_not_single", where, refusal.where + ": " + refusal.rule, refusal.hint);
        if (refusal.code == "payload_missing" || refusal.code == "payload_has_elements") {
            throw configFault("payload_missing", where, "the envelope has no such payload: " + refusal.rule,
                              "compare an answer with `payload`: name, namespace, content");
        }
        throw transientFault("answer_malformed", where,
                             fmt::format("no SOAP envelope: {} {}", refusal.code, refusal.where),
                             "check `url` and `version`; if it lasts, tell the department");
    }

    static ConnectorFault faultOf(const SoapFault& fault, const std::string& where) {
        const std::string seen = withNamesMasked(fmt::format("{}: {}", fault.code, fault.reason.substr(0, 300)));
        if (fault.blamesSender())
            return configFault("soap_request_refused", where, seen, "check `request`, `action` and the credentials");
        return transientFault("soap_server_failed", where, seen, "if it lasts, tell the department");
    }

    HttpClient client_;
    HttpAuth auth_;
    HttpFields fields_;
    WebAddress address_;
    SoapVersion version_;
    std::string action_, request_, header_;
    SoapPayloadRule rule_;
    SoapValues values_;
    std::optional<UsernameToken> token_;
    PageRules rules_;
    AnswerReader reader_;
    Cursor given_;  ///< by this connector, last: another one was given by another run
};

class SoapType final : public ConnectorType {
public:
    const ConnectorSpec& spec() const override { return spec_; }
    std::unique_ptr<Connector> open(const std::string& settings,
                                    const ConnectorSurroundings& surroundings) const override {
        return std::make_unique<SoapConnector>(SettingsTree::read(settings, spec_.settings_schema), surroundings);
    }

private:
    const ConnectorSpec spec_{"soap", "1.0.0", "SOAP 1.1 or 1.2 service: an operation is called page by page",
                              true,   false,   schema()};
};

}  // namespace

std::unique_ptr<ConnectorType> makeSoapType() {
    return std::make_unique<SoapType>();
}

}  // namespace caseway
