// gateway/formats/envelope/answer_fields.cpp - member by member, serialized again as it is read.
#include "gateway/formats/envelope/answer_fields.hpp"

#include <algorithm>

#include "gateway/base/base64.hpp"
#include "gateway/formats/envelope/field_scan.hpp"

namespace caseway {
namespace {

constexpr std::size_t kMembersMax = 8;

void skipBlanks(FieldScan& scan) {
    while (scan.take(' ') || scan.take('\t')) {
    }
}

/// Between two members: OWS "," OWS. False: neither that nor the end.
bool nextMember(FieldScan& scan, bool& ended) {
    skipBlanks(scan);
    ended = scan.atEnd();
    if (ended) return true;
    if (!scan.take(',')) return false;
    skipBlanks(scan);
    return !scan.atEnd();
}

/// `;name` or `;name=value` with a text, a number or a name as value; `name` is empty at the end of the parameters.
struct Parameter {
    std::string name;
    std::optional<std::string> text;
    std::optional<std::int64_t> number;
    std::string written;
};
bool takeParameter(FieldScan& scan, Parameter& parameter) {
    parameter = {};
    if (!scan.take(';')) return true;
    scan.skipSpaces();
    auto name = scan.key();
    if (!name) return false;
    parameter.name = std::move(*name);
    parameter.written = ";" + parameter.name;
    if (!scan.take('=')) return true;
    if (scan.rest().starts_with('"')) {
        parameter.text = scan.quoted();
        if (!parameter.text) return false;
        parameter.written += "=\"" + *parameter.text + "\"";
        return true;
    }
    parameter.number = scan.integer();
    if (!parameter.number) return false;
    parameter.written += "=" + std::to_string(*parameter.number);
    return true;
}

bool takeComponent(FieldScan& scan, AnswerInput& input) {
    auto name = scan.quoted();
    if (!name || name->empty() || input.components.size() == kComponentsMax) return false;
    AnswerComponent component{*name, false, true, "\"" + *name + "\""};
    Parameter parameter;
    while (takeParameter(scan, parameter)) {
        if (parameter.name.empty()) {
            if (std::count(input.components.begin(), input.components.end(), component) != 0) return false;
            input.parameters += (input.components.empty() ? "" : " ") + component.written;
            input.components.push_back(std::move(component));
            return scan.rest().starts_with(' ') || scan.rest().starts_with(')');
        }
        const bool is_req = parameter.name == "req" && !parameter.text && !parameter.number && !component.of_request;
        component.of_request = component.of_request || is_req;
        component.is_known = component.is_known && is_req;
        component.written += parameter.written;
    }
    return false;
}

template <class Value>
bool setOnce(std::optional<Value>& place, std::optional<Value> value) {
    if (place || !value) return false;
    place = std::move(value);
    return true;
}

bool takeSignatureParameter(const Parameter& parameter, AnswerInput& input) {
    if (parameter.name == "created") return setOnce(input.created, parameter.number);
    if (parameter.name == "expires") return setOnce(input.expires, parameter.number);
    if (parameter.name == "keyid") return setOnce(input.key_id, parameter.text);
    if (parameter.name == "alg") return setOnce(input.algorithm, parameter.text);
    return true;  // nonce, tag and what may come are covered all the same
}

bool takeInput(FieldScan& scan, AnswerInput& input) {
    auto label = scan.key();
    if (!label || !scan.take('=') || !scan.take('(')) return false;
    input.label = std::move(*label);
    input.parameters = "(";
    for (scan.skipSpaces(); !scan.take(')'); scan.skipSpaces())
        if (!takeComponent(scan, input)) return false;
    input.parameters += ')';
    Parameter parameter;
    while (takeParameter(scan, parameter)) {
        if (parameter.name.empty()) return true;
        if (!takeSignatureParameter(parameter, input)) return false;
        input.parameters += parameter.written;
    }
    return false;
}

}  // namespace

bool AnswerInput::covers(std::string_view name) const {
    return std::any_of(components.begin(), components.end(),
                       [&](const AnswerComponent& one) { return one.name == name && !one.of_request; });
}

std::optional<std::vector<AnswerInput>> parseAnswerInputs(std::string_view value) {
    if (value.size() > kFieldBytesMax) return std::nullopt;
    FieldScan scan(value);
    std::vector<AnswerInput> inputs;
    for (bool ended = false; !ended;) {
        AnswerInput input;
        if (inputs.size() == kMembersMax || !takeInput(scan, input) || !nextMember(scan, ended)) return std::nullopt;
        for (const AnswerInput& before : inputs)
            if (before.label == input.label) return std::nullopt;
        inputs.push_back(std::move(input));
    }
    return inputs;
}

std::optional<std::vector<BytesMember>> parseBytesMembers(std::string_view value) {
    if (value.size() > kFieldBytesMax) return std::nullopt;
    FieldScan scan(value);
    std::vector<BytesMember> members;
    for (bool ended = false; !ended;) {
        auto key = scan.key();
        if (!key || members.size() == kMembersMax || !scan.take('=') || !scan.take(':')) return std::nullopt;
        const std::size_t end = scan.rest().find(':');
        auto bytes = end == std::string_view::npos ? std::nullopt : fromBase64(scan.rest().substr(0, end));
        if (!bytes) return std::nullopt;
        scan.skip(end + 1);
        for (const BytesMember& before : members)
            if (before.key == *key) return std::nullopt;
        members.push_back({std::move(*key), std::move(*bytes)});
        if (!nextMember(scan, ended)) return std::nullopt;
    }
    return members;
}

}  // namespace caseway
