// connectors/http/http_writing.cpp - writing: the same item bears the same key each time, so that the other side can
// tell.
#include "connectors/http/http_writing.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "connectors/sdk/faults.hpp"
#include "connectors/sdk/http_faults.hpp"
#include "gateway/base/mask.hpp"
#include "gateway/formats/crypto/digest.hpp"

namespace caseway {
namespace {

constexpr std::string_view kKeyMark = "{key}";

bool contains(const std::vector<std::string>& list, const std::string& text) {
    return std::find(list.begin(), list.end(), text) != list.end();
}

std::string maskedReason(std::string_view text) {
    return withNamesMasked(text.substr(0, 200));
}

/// One text of one value of a result; empty where there is none.
std::string textAt(const std::optional<JsonPath>& path, const JsonValue& root) {
    std::vector<const JsonValue*> nodes;
    if (!path || !path->evaluate(root, nodes) || nodes.size() != 1) return {};
    switch (nodes.front()->type) {
        case JsonValue::Type::True:
            return "true";
        case JsonValue::Type::False:
            return "false";
        default:
            return std::string(nodes.front()->text);
    }
}

}  // namespace

std::string HttpWriting::settingsMembers() {
    return R"("write":{"type":"object","additionalProperties":false,"required":["url"],
  "description":"where items are sent; absent: nothing is written","properties":{
  "url":{"type":"string","description":"{key} in it stands for the item's key","examples":["https://permits.example/api/cases/{key}"]},
  "method":{"type":"string","enum":["POST","PUT"],"default":"POST","description":"of each request"},
  "media_type":{"type":"string","default":"application/json","description":"of what is sent"},
  "key_field":{"type":"string","default":"Idempotency-Key","description":"field that bears the item's key"},
  "same_statuses":{"type":"array","items":{"type":"string"},"description":"statuses that mean: it is there already, for example \"409\""},
  "batch":{"type":"object","additionalProperties":false,
    "description":"absent: one request an item; otherwise a JSON array of items","properties":{
    "size":{"type":"integer","minimum":1,"maximum":1000,"default":100,"description":"items in one request"},
    "results":{"type":"string","default":"$.results[*]","description":"one result for each item, in order"},
    "outcome":{"type":"string","default":"$.status","description":"in a result: how it went"},
    "written":{"type":"array","items":{"type":"string"},"description":"outcomes that mean: written"},
    "same":{"type":"array","items":{"type":"string"},"description":"outcomes that mean: it was there already"},
    "reason":{"type":"string","default":"$.message","description":"in a result: why it was not taken"}},
    "required":["written"]}}})";
}

HttpWriting::HttpWriting(const SettingsTree& settings, HttpClient& client, HttpAuth& auth)
    : client_(client), auth_(auth), fields_(readFields(settings)) {
    const SettingsTree write = settings.in("write");
    url_ = write.text("url");
    method_ = write.text("method");
    media_type_ = write.text("media_type");
    key_field_ = write.text("key_field");
    same_statuses_ = write.texts("same_statuses");
    if (!isFieldValue(media_type_)) write.refuse("media_type", "it has line breaks", "for example application/json");
    if (!isSettableField(key_field_))
        write.refuse("key_field", "this field cannot be set", "for example Idempotency-Key");
    const auto with_key = parseWebAddress(addressTextFor("a"));
    const auto with_other = parseWebAddress(addressTextFor("b"));
    if (!with_key || !with_other || !with_key->sameOrigin(*with_other))
        write.refuse("url", "no http or https address, or the host hangs on the key", "write https://host/path/{key}");
    if (!write.has("batch")) return;
    const SettingsTree batch = write.in("batch");
    if (url_.find(kKeyMark) != std::string::npos)
        write.refuse("url", "a batch has no single key", "leave {key} out, or `batch`");
    batch_size_ = static_cast<std::size_t>(batch.number("size"));
    written_ = batch.texts("written");
    same_ = batch.texts("same");
    const auto compile = [&](const char* name) {
        auto path = JsonPath::compile(batch.text(name));
        if (!path) batch.refuse(name, "no JSONPath: " + path.error().rule, "for example $.results[*]");
        return std::optional<JsonPath>(std::move(*path));
    };
    results_ = compile("results");
    outcome_ = compile("outcome");
    reason_ = compile("reason");
}

std::string HttpWriting::addressTextFor(const std::string& key) const {
    std::string url = url_;
    for (std::size_t at = url.find(kKeyMark); at != std::string::npos; at = url.find(kKeyMark))
        url.replace(at, kKeyMark.size(), percentEncoded(key));
    return url;
}

/// As a part of a path these name the folder, or the one above it, and no encoding changes that.
bool HttpWriting::climbs(const std::string& key) const {
    return url_.find(kKeyMark) != std::string::npos && (key.empty() || key == "." || key == "..");
}

HttpAnswer HttpWriting::send(const std::string& key, std::string body) {
    WebRequest request{.method = method_, .address = auth_.address(*parseWebAddress(addressTextFor(key)))};
    request.fields = {{"Content-Type", media_type_}, {"Accept", "application/json"}, {key_field_, percentEncoded(key)}};
    request.body = std::move(body);
    for (bool again = false;; again = true) {
        request.credentials = fields_;
        for (auto& field : auth_.fields(client_)) request.credentials.push_back(std::move(field));
        HttpAnswer answer = client_.exchange(request);
        if (answer.status == 401 && !again && auth_.renew()) continue;
        if (answer.status == 401 || answer.status == 403 || answer.status == 407) throw faultOfStatus(answer);
        return answer;
    }
}

WriteAnswer HttpWriting::answerOf(const HttpAnswer& answer) const {
    const std::string reason = fmt::format("HTTP status {}", answer.status);
    if (contains(same_statuses_, std::to_string(answer.status))) return {WriteOutcome::Same, {}};
    if (answer.status >= 200 && answer.status < 300) return {WriteOutcome::Written, {}};
    const bool transient = faultOfStatus(answer).kind() == ConnectorFaultKind::Transient;
    return {transient ? WriteOutcome::Retry : WriteOutcome::Refused, reason};
}

std::vector<WriteAnswer> HttpWriting::resultsOf(const HttpAnswer& answer, std::size_t count) const {
    const WriteAnswer whole = answerOf(answer);
    if (whole.outcome != WriteOutcome::Written) return std::vector<WriteAnswer>(count, whole);
    JsonTree tree;
    std::vector<const JsonValue*> results;
    const auto parsed = parseJson(answer.body, {}, tree);
    if (!parsed || !results_->evaluate(**parsed, results) || results.size() != count) {
        return std::vector<WriteAnswer>(
            count,
            {WriteOutcome::Retry, fmt::format("{} items were sent, the answer has {} results", count, results.size())});
    }
    std::vector<WriteAnswer> answers;
    for (const JsonValue* result : results) {
        const std::string outcome = textAt(outcome_, *result);
        if (contains(written_, outcome))
            answers.push_back({WriteOutcome::Written, {}});
        else if (contains(same_, outcome))
            answers.push_back({WriteOutcome::Same, {}});
        else
            answers.push_back(
                {WriteOutcome::Refused, maskedReason(fmt::format("{}: {}", outcome.empty() ? "no outcome" : outcome,
                                                                 textAt(reason_, *result)))});
    }
    return answers;
}

std::vector<WriteAnswer> HttpWriting::writeSome(const OutgoingItem* items, std::size_t count) {
    if (!results_ && climbs(items->key))
        return {{WriteOutcome::Refused, "its key would lead to another address than `write.url`"}};
    if (!results_) return {answerOf(send(items->key, items->bytes))};
    std::string body = "[";
    std::string keys;
    for (std::size_t i = 0; i < count; ++i) {
        body += (i == 0 ? "" : ",") + items[i].bytes;
        keys += items[i].key + '\n';
    }
    return resultsOf(send(toHex(sha256(keys).bytes), body + "]"), count);
}

std::vector<WriteAnswer> HttpWriting::write(const std::vector<OutgoingItem>& items) {
    std::vector<WriteAnswer> answers;
    std::string stopped_by;
    while (answers.size() < items.size()) {
        const std::size_t count = std::min(batch_size_, items.size() - answers.size());
        if (!stopped_by.empty()) {  // the other side has trouble: what is left is not thrown at it
            answers.push_back({WriteOutcome::Retry, stopped_by});
            continue;
        }
        try {
            for (WriteAnswer& answer : writeSome(&items[answers.size()], count)) {
                if (answer.outcome == WriteOutcome::Retry) stopped_by = answer.reason;
                answers.push_back(std::move(answer));
            }
        } catch (const ConnectorFault& fault) {
            if (answers.empty()) throw;
            stopped_by = fault.parts().code + ": " + fault.parts().message;
        }
    }
    return answers;
}

void HttpWriting::check(CheckRun& run) {
    const WebAddress address = *parseWebAddress(addressTextFor("check"));
    run.then("look up " + address.host, [&] { return shownLookUp(address, client_.lookUp(address)); });
    run.then("reach where items are sent", [&] {
        WebRequest request{.method = "HEAD", .address = auth_.address(address)};
        request.credentials = fields_;
        for (auto& field : auth_.fields(client_)) request.credentials.push_back(std::move(field));
        const HttpAnswer answer = client_.exchange(request);
        const bool refused =
            answer.status == 401 || answer.status == 403 || answer.status == 407 || answer.status >= 500;
        if (refused && answer.status != 501) throw faultOfStatus(answer);
        return fmt::format("HTTP status {} to HEAD; nothing was sent", answer.status);
    });
}

}  // namespace caseway
