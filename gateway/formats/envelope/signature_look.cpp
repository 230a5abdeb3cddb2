// gateway/formats/envelope/signature_look.cpp - a search for one rare mark, and three short readings.
#include "gateway/formats/envelope/signature_look.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "gateway/formats/envelope/xml_structure.hpp"
#include "gateway/formats/json/reader.hpp"
#include "gateway/formats/text/encoding.hpp"
#include "gateway/formats/text/first_sign.hpp"
#include "gateway/formats/xml/events.hpp"

namespace caseway {
namespace {

constexpr std::size_t kStartBytes = 4096;
constexpr std::size_t kTailBytes = 8192;       ///< all of a flattened JWS but its payload is shorter
constexpr std::size_t kNameBytes = 32;         ///< "xmldsig" in any encoding that we take
constexpr std::string_view kEnd = "xmldsig#";  ///< of the namespace

bool isBase64Url(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/// What the root is and whether a signature is its child.
class RootLook final : public XmlHandler {
public:
    void begin(XmlNames& names) override {
        message_ = names.find("Message");
        exchange_ = names.find(kExchangeNamespace);
        signature_ = names.find("Signature");
        dsig_ = names.find(kDsigNamespace);
    }
    bool start(const XmlStart& start) override {
        if (++depth_ == 1 && message_ != nullptr && start.local == message_ && start.uri == exchange_)
            return form_ = SignatureForm::XmlMessage, false;
        if (depth_ == 2 && signature_ != nullptr && start.local == signature_ && start.uri == dsig_)
            return form_ = SignatureForm::XmlDocument, false;
        return true;
    }
    bool text(std::string_view) override { return true; }
    bool end() override { return --depth_, true; }
    SignatureForm form() const { return form_; }

private:
    XmlChars message_ = nullptr, exchange_ = nullptr, signature_ = nullptr, dsig_ = nullptr;
    std::size_t depth_ = 0;
    SignatureForm form_ = SignatureForm::None;
};

/// The names of the outermost object: those of a JWS in its JSON form, flattened or general.
class MemberLook final : public JsonHandler {
public:
    bool longText() override { return text({}); }
    bool startObject() override { return open(); }
    bool key(std::string_view name) override {
        if (depth_ == 1) name_ = name;
        return true;
    }
    bool endObject() override { return --depth_, true; }
    bool startArray() override {
        if (depth_ == 1 && name_ == "signatures") has_signature_ = has_protected_ = true;
        return open();
    }
    bool endArray() override { return --depth_, true; }
    bool text(std::string_view) override {
        if (depth_ != 1) return true;
        has_payload_ = has_payload_ || name_ == "payload";
        has_protected_ = has_protected_ || name_ == "protected";
        has_signature_ = has_signature_ || name_ == "signature";
        return true;
    }
    bool number(std::string_view) override { return true; }
    bool boolean(bool) override { return true; }
    bool null() override { return true; }
    bool isJws() const { return has_payload_ && has_protected_ && has_signature_; }

private:
    bool open() { return ++depth_, true; }

    std::size_t depth_ = 0;
    std::string name_;
    bool has_payload_ = false, has_protected_ = false, has_signature_ = false;
};

/// Three texts of base64url with dots between them, and nothing else but line ends behind.
bool isCompact(ByteSource& source) {
    std::array<char, 65536> buffer;
    std::size_t dots = 0;
    bool has_ended = false;
    source.rewind();
    while (const std::size_t size = source.read(buffer)) {
        for (const char c : std::string_view(buffer.data(), size)) {
            if (c == '\r' || c == '\n')
                has_ended = true;
            else if (has_ended || (c != '.' && !isBase64Url(c)) || (c == '.' && ++dots > 2))
                return false;
        }
    }
    return dots == 2;
}

SignatureForm formIn(ByteSource& utf8, bool is_json, std::size_t depth) {
    if (is_json) {
        MemberLook look;
        JsonLimits limits;
        limits.depth = depth;
        static_cast<void>(readJson(utf8, limits, look));  // whatever is wrong behind: it begins like one
        return look.isJws() ? SignatureForm::Jws : SignatureForm::None;
    }
    RootLook look;
    static_cast<void>(readXml(utf8, depth, look));
    return look.form();
}

/// As the mapping reads it: what is declared first, then what is there.
std::string declaredIn(ByteSource& source, std::string_view charset) {
    std::array<char, 256> first;
    std::size_t filled = 0;
    source.rewind();
    for (std::size_t got = 0; filled < first.size(); filled += got) {
        got = source.read(std::span(first).subspan(filled));
        if (got == 0) break;
    }
    source.rewind();
    const std::string_view declared = declaredInXml({first.data(), filled});
    return std::string(declared.empty() ? charset : declared);
}

char firstOf(ByteSource& source) {
    std::array<char, kStartBytes> start;
    source.rewind();
    const std::string_view text = fromFirstSign({start.data(), source.read(start)});
    source.rewind();
    return text.empty() ? '\0' : text.front();
}

}  // namespace

void SignatureGlance::see(std::string_view piece) {
    if (start_.size() < kStartBytes) start_ += piece.substr(0, kStartBytes - start_.size());
    for (std::size_t at = 0; !saw_namespace_ && at < piece.size(); ++at) {
        const void* const mark = std::memchr(piece.data() + at, kEnd.back(), piece.size() - at);
        if (mark == nullptr) break;
        at = static_cast<std::size_t>(static_cast<const char*>(mark) - piece.data());
        saw_namespace_ = endsName(piece, at);
    }
    const std::size_t kept = fromFirstSign(start_).starts_with('{') ? kTailBytes : kNameBytes;
    const std::string_view end = piece.substr(piece.size() - std::min(piece.size(), kept));
    if (end.size() == kept) tail_.clear();
    tail_ += end;
    if (tail_.size() > 2 * kTailBytes) tail_.erase(0, tail_.size() - kTailBytes);
}

/// Backwards from the mark, over the zero bytes that wider encodings have between the letters.
bool SignatureGlance::endsName(std::string_view piece, std::size_t mark) const {
    std::size_t left = kEnd.size() - 1;
    const auto matches = [&left](std::string_view text) {
        for (std::size_t at = text.size(); left != 0 && at-- != 0;) {
            if (text[at] == '\0') continue;
            if (text[at] != kEnd[--left]) return false;
        }
        return true;
    };
    return matches(piece.substr(0, mark)) && matches(tail_) && left == 0;
}

bool SignatureGlance::maybeJws() const {
    const std::string_view text = fromFirstSign(start_);
    if (text.starts_with('{')) {
        const auto names = [](std::string_view part) {
            return part.find("\"protected\"") != std::string_view::npos ||
                   part.find("\"signatures\"") != std::string_view::npos;
        };
        return names(start_) || names(tail_);
    }
    const std::size_t dot = text.find('.');
    return dot != std::string_view::npos && dot != 0 && std::all_of(text.begin(), text.begin() + dot, isBase64Url);
}

bool SignatureGlance::maybe() const {
    return saw_namespace_ || maybeJws();
}

SignatureForm signatureFormOf(ByteSource& source, std::string_view charset, std::size_t depth) {
    const char first = firstOf(source);
    if (isBase64Url(first)) return isCompact(source) ? SignatureForm::Jws : SignatureForm::None;
    const auto found = findEncoding(source, declaredIn(source, charset));
    if (!found) return SignatureForm::None;
    return formIn(*decodeToUtf8(source, *found), first == '{', depth);
}

std::string_view withoutLineEnds(std::string_view text) {
    return text.substr(0, text.find_last_not_of("\r\n") + 1);
}

}  // namespace caseway
