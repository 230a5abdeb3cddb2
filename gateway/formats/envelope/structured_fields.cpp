// gateway/formats/envelope/structured_fields.cpp - a strict reader of two field forms; each text has one reading or
// none.
#include "gateway/formats/envelope/structured_fields.hpp"

#include <algorithm>

#include "gateway/base/base64.hpp"

namespace caseway {
namespace {

constexpr std::size_t kFieldBytesMax = 8192;
constexpr std::size_t kComponentsMax = 32;
constexpr std::size_t kIntegerDigitsMax = 15;  // RFC 8941 §3.3.1

class Scan {
public:
    explicit Scan(std::string_view text) : text_(text) {}
    bool atEnd() const { return at_ == text_.size(); }
    bool take(char c) {
        if (atEnd() || text_[at_] != c) return false;
        ++at_;
        return true;
    }
    void skipSpaces() {
        while (take(' ')) {
        }
    }
    /// A key: lcalpha or '*', then lcalpha, digit, '_', '-', '.', '*'.
    std::optional<std::string> key() {
        const std::size_t start = at_;
        while (!atEnd() && isKeyCharacter(text_[at_], at_ == start)) ++at_;
        if (at_ == start) return std::nullopt;
        return std::string(text_.substr(start, at_ - start));
    }
    /// A quoted string without escapes: no value of the binding needs one.
    std::optional<std::string> quoted() {
        if (!take('"')) return std::nullopt;
        const std::size_t start = at_;
        while (!atEnd() && text_[at_] != '"') {
            const char c = text_[at_++];
            if (c < 0x20 || c > 0x7E || c == '\\') return std::nullopt;
        }
        std::string value(text_.substr(start, at_ - start));
        return take('"') ? std::optional(std::move(value)) : std::nullopt;
    }
    /// A non-negative integer without leading zeros.
    std::optional<std::int64_t> integer() {
        const std::size_t start = at_;
        std::int64_t value = 0;
        while (!atEnd() && text_[at_] >= '0' && text_[at_] <= '9' && at_ - start < kIntegerDigitsMax)
            value = value * 10 + (text_[at_++] - '0');
        const bool padded = text_.substr(start, 1) == "0" && at_ - start > 1;
        return at_ == start || padded ? std::nullopt : std::optional(value);
    }
    std::string_view rest() const { return text_.substr(at_); }

private:
    static bool isKeyCharacter(char c, bool first) {
        if ((c >= 'a' && c <= 'z') || c == '*') return true;
        return !first && ((c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.');
    }
    std::string_view text_;
    std::size_t at_ = 0;
};

bool takeComponents(Scan& scan, SignatureInput& input) {
    if (!scan.take('(')) return false;
    for (scan.skipSpaces(); !scan.take(')'); scan.skipSpaces()) {
        auto component = scan.quoted();
        const bool again = component && std::find(input.components.begin(), input.components.end(), *component) !=
                                            input.components.end();
        if (!component || component->empty() || again || input.components.size() == kComponentsMax) return false;
        input.parameters.append(input.components.empty() ? "(\"" : " \"").append(*component).append("\"");
        input.components.push_back(std::move(*component));
        if (!scan.rest().starts_with(' ') && !scan.rest().starts_with(')')) return false;
    }
    if (input.components.empty()) return false;
    input.parameters += ')';
    return true;
}

bool takeParameter(Scan& scan, SignatureInput& input) {
    const auto name = scan.key();
    if (!name || !scan.take('=')) return false;
    if (*name == "created") {
        if (input.created) return false;
        input.created = scan.integer();
        if (!input.created) return false;
        input.parameters.append(";created=").append(std::to_string(*input.created));
        return true;
    }
    std::optional<std::string>* const place = *name == "keyid" ? &input.key_id
                                              : *name == "alg" ? &input.algorithm
                                              : *name == "tag" ? &input.tag
                                                               : nullptr;
    if (place == nullptr || *place) return false;
    *place = scan.quoted();
    if (!*place) return false;
    input.parameters.append(";").append(*name).append("=\"").append(**place).append("\"");
    return true;
}

}  // namespace

std::optional<SignatureInput> parseSignatureInput(std::string_view value) {
    if (value.size() > kFieldBytesMax) return std::nullopt;
    Scan scan(value);
    SignatureInput input;
    input.parameters.reserve(value.size());
    auto label = scan.key();
    if (!label || !scan.take('=') || !takeComponents(scan, input)) return std::nullopt;
    input.label = std::move(*label);
    while (scan.take(';')) {
        scan.skipSpaces();
        if (!takeParameter(scan, input)) return std::nullopt;
    }
    return scan.atEnd() ? std::optional(std::move(input)) : std::nullopt;
}

std::optional<BytesMember> parseBytesMember(std::string_view value) {
    if (value.size() > kFieldBytesMax) return std::nullopt;
    Scan scan(value);
    auto key = scan.key();
    if (!key || !scan.take('=') || !scan.take(':')) return std::nullopt;
    const std::string_view rest = scan.rest();
    if (rest.size() < 2 || rest.back() != ':') return std::nullopt;
    auto bytes = fromBase64(rest.substr(0, rest.size() - 1));
    if (!bytes) return std::nullopt;
    return BytesMember{std::move(*key), std::move(*bytes)};
}

}  // namespace caseway
