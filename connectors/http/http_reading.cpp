// connectors/http/http_reading.cpp - reading: one request a page, every doubt about the answer settled before a byte of
// it goes on.
#include "connectors/http/http_reading.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "connectors/http/link_field.hpp"
#include "connectors/sdk/faults.hpp"
#include "connectors/sdk/http_faults.hpp"
#include "gateway/formats/envelope/answer_signature.hpp"
#include "gateway/formats/json/document.hpp"

namespace caseway {
namespace {

constexpr std::string_view kMalformed = "answer_malformed";

std::string joinedLinks(const HttpAnswer& answer) {
    std::string joined;
    for (const auto& [name, value] : answer.fields)
        if (name == "link") joined += (joined.empty() ? "" : ", ") + value;
    return joined;
}

/// Numbers as numbers: services that take JSON often insist.
std::string asJson(const std::vector<std::pair<std::string, std::string>>& parameters,
                   const std::vector<std::string>& numbers) {
    std::string json = "{";
    for (const auto& [name, value] : parameters) {
        if (json.size() > 1) json += ',';
        appendJsonString(name, json);
        json += ':';
        if (std::find(numbers.begin(), numbers.end(), name) != numbers.end())
            json += value;
        else
            appendJsonString(value, json);
    }
    return json + "}";
}

}  // namespace

std::string HttpReading::settingsMembers() {
    return R"("url":{"type":"string","description":"what is read; absent: nothing is read",
  "examples":["https://permits.example/api/cases"]},
"parameters":{"type":"object","additionalProperties":{"type":"string"},
  "description":"further parameters of each request; a secret belongs into auth: kind parameter, this name as field"},
"send_as":{"type":"string","enum":["query","form","json"],"default":"query",
  "description":"how parameters are sent: query in the address of a GET, form or json as the body of a POST"})";
}

HttpReading::HttpReading(const SettingsTree& settings, HttpClient& client, HttpAuth& auth)
    : client_(client),
      auth_(auth),
      address_(readAddress(settings, "url")),
      fields_(readFields(settings)),
      send_as_(settings.text("send_as")),
      position_parameter_(settings.in("paging").text("parameter")),
      size_parameter_(settings.in("paging").text("size_parameter")),
      since_parameter_(settings.in("since").text("parameter")),
      rules_(PageRules::read(settings)),
      reader_(settings, rules_.next, rules_.time, rules_.style != PageStyle::None) {
    const SettingsTree parameters = settings.in("parameters");
    for (const std::string& name : parameters.names()) parameters_.emplace_back(name, parameters.text(name));
    if (rules_.style == PageStyle::Link && send_as_ != "query")
        settings.refuse("send_as", "pages by link are asked for by their address", "choose query");
}

WebRequest HttpReading::requestFor(const PageQuestion& question) const {
    WebRequest request{.address = address_};
    auto parameters = parameters_;
    std::vector<std::string> numbers;
    const auto add = [&](const std::string& name, const std::string& value, bool is_number) {
        if (value.empty()) return;
        parameters.emplace_back(name, value);
        if (is_number) numbers.push_back(name);
    };
    add(since_parameter_, question.since, false);
    add(position_parameter_, question.position, rules_.style != PageStyle::Token);
    add(size_parameter_, question.size, true);
    request.credentials = fields_;
    request.fields.emplace_back("Accept", reader_.mediaType());
    if (!question.tag.empty()) request.fields.emplace_back("If-None-Match", question.tag);
    if (!question.modified.empty()) request.fields.emplace_back("If-Modified-Since", question.modified);
    if (!question.link.empty()) {
        const auto linked = resolveWebAddress(address_, question.link);
        if (!linked || !linked->sameOrigin(address_)) {
            throw configFault("redirect_refused", address_.shown(), "the link to the next page leads to another host",
                              "ask the department for links on its own host, or choose another style of paging");
        }
        request.address = *linked;
    } else if (send_as_ == "query") {
        request.address = withParameters(address_, parameters);
    } else if (send_as_ == "form") {
        request.body.emplace();
        for (const auto& [name, value] : parameters)
            *request.body += (request.body->empty() ? "" : "&") + percentEncoded(name) + "=" + percentEncoded(value);
        request.fields.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    } else {
        request.body = asJson(parameters, numbers);
        request.fields.emplace_back("Content-Type", "application/json");
    }
    if (request.body) request.method = "POST";
    return request;
}

HttpAnswer HttpReading::ask(const PageQuestion& question) {
    const WebRequest request = requestFor(question);
    for (bool again = false;; again = true) {
        WebRequest authorized = request;
        authorized.takes_compressed = takes_compressed_;
        authorized.address = auth_.address(request.address);
        for (auto& field : auth_.fields(client_)) authorized.credentials.push_back(std::move(field));
        HttpAnswer answer = client_.exchange(authorized);
        const bool conditional = !question.tag.empty() || !question.modified.empty();
        if (takes_compressed_ && !answer.field("content-encoding").empty() && signedHead(answer)) {
            takes_compressed_ = false;
            continue;
        }
        if (answer.status == 200 || answer.status == 204 || (answer.status == 304 && conditional)) return answer;
        if (answer.status == 401 && !again && auth_.renew()) continue;
        throw faultOfStatus(answer);
    }
}

AnswerFacts HttpReading::factsOf(const HttpAnswer& answer, bool is_first) {
    if (answer.status == 204) return {};  // it says itself that there is nothing
    AnswerFacts facts = reader_.read(answer.body, answer.address.shown(), is_first);
    if (rules_.style == PageStyle::Link) facts.next = nextOfLinkField(joinedLinks(answer));
    return facts;
}

PageEnd HttpReading::read(const Cursor& from, const PageLimits& limits, PageSink& sink) {
    PageWalk walk(rules_, from, limits, from != given_);
    PageEnd end = readPage(walk, sink);
    given_ = end.next;
    return end;
}

/// An answer that is whole and cannot be read is asked for twice: one record of it, which nothing will mend, holds up
/// no page behind it.
PageEnd HttpReading::readPage(PageWalk& walk, PageSink& sink) {
    const PageQuestion question = walk.question();
    HttpAnswer answer;
    AnswerFacts facts;
    for (bool is_second = false;; is_second = true) {
        answer = {};
        try {
            answer = ask(question);
            if (answer.status == 304) {
                PageEnd end = walk.unchanged(answer.answeredMs(), address_.shown());
                end.clock_ahead = answer.clockAhead();
                return end;
            }
            facts = factsOf(answer, walk.isAtBegin());
            break;
        } catch (const ConnectorFault& fault) {
            if (fault.parts().code != kMalformed || !reader_.looksWhole(answer.body)) return walk.refused(fault);
            if (!is_second) continue;
            const PageEnd end = walk.passOver(fault, nextOfLinkField(joinedLinks(answer)), answer.answeredMs());
            give(answer, question, 0, sink);
            return end;
        }
    }
    lookBack(walk, facts);
    try {
        if (walk.mayRepeat(facts)) walk.repeats(facts, factsOf(ask(question), walk.isAtBegin()));
    } catch (const ConnectorFault& fault) {
        walk.repeatRefused(fault);
    }
    // What came without its count is asked for again: a 304 would call complete what nobody could hold against it.
    if (rules_.style == PageStyle::None && facts.no_total.empty())
        walk.remember(answer.field("etag"), answer.field("last-modified"));
    PageEnd end = walk.take(facts, answer.answeredMs(), address_.shown());
    end.clock_ahead = answer.clockAhead();
    if (end.records != 0) give(answer, question, facts.records, sink);
    return end;
}

void HttpReading::lookBack(PageWalk& walk, const AnswerFacts& behind) {
    const auto before = walk.questionBefore(behind);
    if (!before) return;
    try {
        while (walk.lookBack(factsOf(ask(*before)), behind)) continue;
    } catch (const ConnectorFault& fault) {
        if (fault.parts().code != kMalformed) return walk.lookBackRefused(fault);
        walk.lookBack({}, behind);  // it is not what it was
    }
}

std::optional<AnswerHead> HttpReading::signedHead(const HttpAnswer& answer) const {
    AnswerHead head;
    head.status = answer.status;
    head.method = send_as_ == "query" ? "GET" : "POST";
    head.scheme = answer.address.scheme;
    head.authority = answer.address.authority();
    head.path = answer.address.path;
    if (!auth_.isInAddress()) head.query = answer.address.query();
    for (const auto& [name, value] : answer.fields) head.fields.push_back({name, value});
    return signedHeadOf(std::move(head));
}

void HttpReading::give(const HttpAnswer& answer, const PageQuestion& question, std::uint64_t records,
                       PageSink& sink) const {
    const std::string position =
        question.position.empty() ? "" : " " + position_parameter_ + " " + question.position.substr(0, 40);
    sink.payload({address_.path + position, reader_.mediaType(), records, signedHead(answer)});
    sink.bytes(answer.body);
}

void HttpReading::check(CheckRun& run) {
    std::optional<HttpAnswer> answer;
    run.then("look up " + address_.host, [&] { return shownLookUp(address_, client_.lookUp(address_)); });
    run.then("ask for the first page", [&] {
        answer = ask(PageWalk(rules_, "", {}).question());
        return fmt::format("HTTP status {}, {} bytes", answer->status, answer->body.size());
    });
    run.then("find the records", [&] {
        const AnswerFacts facts = factsOf(*answer);
        PageWalk::mustBeWhole(PageWalk(rules_, "", {}).take(facts, answer->answeredMs(), address_.shown()),
                              address_.shown());
        PageWalk::mustBeCounted(facts, address_.shown());
        const bool has_link = rules_.style == PageStyle::Link && !facts.next.empty();
        return fmt::format("{} records{}{}", facts.records, PageWalk::countText(rules_, facts),
                           has_link ? "; " + PageWalk::linkRule(facts.next, facts.records) : std::string());
    });
}

SourceObject HttpReading::discover() {
    const AnswerFacts facts = factsOf(ask(PageWalk(rules_, "", {}).question()));
    return {address_.path, reader_.mediaType(), facts.total, facts.fields};
}

}  // namespace caseway
