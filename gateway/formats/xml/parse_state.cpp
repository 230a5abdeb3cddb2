// gateway/formats/xml/parse_state.cpp - the first error of a parse as a refusal; libxml2's words on one line, the
// names that it quotes from the document masked where they may be personal.
#include "gateway/formats/xml/parse_state.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cstring>

#include <mutex>

#include "gateway/base/mask.hpp"
#include "gateway/formats/xml/libxml_handles.hpp"

namespace caseway {
namespace {

/// libxml2 prints what no parser's own handler takes, canonicalization errors among them; nobody's input belongs on
/// stderr.
void ignoreText(void*, const char*, ...) {}

}  // namespace

void initLibxml() {
    static std::once_flag once;
    std::call_once(once, xmlInitParser);
    thread_local const bool quiet = (xmlSetGenericErrorFunc(nullptr, ignoreText), true);
    static_cast<void>(quiet);
}

std::string onOneLine(const char* message) {
    std::string line(message != nullptr ? message : "not well-formed");
    for (char& c : line) {
        if (static_cast<unsigned char>(c) < 0x20) c = ' ';
    }
    while (!line.empty() && line.back() == ' ') line.pop_back();
    if (line.size() > 200) {
        std::size_t end = 200;
        while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) --end;
        line.resize(end);
    }
    return line;
}

std::size_t XmlTrouble::noteNul(std::string_view text) {
    const std::size_t before = std::min(text.find('\0'), text.size());
    if (before != text.size() && message.empty()) message = "U+0000 is no character of XML";
    return before;
}

/// A namespace whose name is no URI of RFC 3986, such as one with Chinese characters, is a namespace all the same: what
/// is compared is its characters (Namespaces in XML 1.0, §2.3). libxml2 calls it an error and goes on.
void XmlTrouble::note(const _xmlError* error) {
    if (error == nullptr || error->level < XML_ERR_ERROR || error->code == XML_WAR_NS_URI) return;
    if (line == 0) line = error->line;
    if (message.empty() && error->message != nullptr) message = onOneLine(withNamesMasked(error->message).c_str());
    if (message.empty()) message = onOneLine(nullptr);
}

Refusal XmlTrouble::refusal() const {
    const std::string where = line > 0 ? fmt::format("line {}", line) : std::string{};
    if (doctype) {
        return {
            "doctype_forbidden", where, {}, "no document type declaration", "send the document without <!DOCTYPE …>"};
    }
    if (too_deep) {
        return {
            "too_deep", where, {}, fmt::format("at most {} nested elements", depth_limit), "nest elements less deeply"};
    }
    if (too_wide) {
        return {"too_wide",
                where,
                {},
                fmt::format("at most {} attributes and namespaces of one element", kMostAttributes),
                "give the element fewer attributes"};
    }
    if (many_names) {
        return {"too_wide",
                where,
                {},
                fmt::format("at most {} different names of elements, attributes and namespaces", kMostNames),
                "write what differs from record to record as a value, not as a name"};
    }
    if (long_namespace) {
        return {"too_wide",
                where,
                {},
                fmt::format("at most {} bytes of one namespace's name", kMostNamespaceBytes),
                "give the namespace a shorter name"};
    }
    return {"malformed_xml",
            where,
            {},
            message.empty() ? "well-formed XML" : message,
            "check the document with `xmllint --noout`"};
}

bool hasLongNamespace(const unsigned char** namespaces, int count) {
    for (int i = 0; i < count; ++i) {
        const unsigned char* const name = namespaces[2 * i + 1];
        if (name != nullptr &&
            ::strnlen(reinterpret_cast<const char*>(name), kMostNamespaceBytes + 1) > kMostNamespaceBytes)
            return true;
    }
    return false;
}

void WideTagGuard::count(std::string_view stretch) {
    for (const char c : stretch) {
        if (c == '=') {
            after_equals_ = true;
        } else if (after_equals_ && (c == '"' || c == '\'')) {
            ++assignments_;
            after_equals_ = false;
        } else if (after_equals_ && c != ' ' && c != '\t' && c != '\r' && c != '\n') {
            after_equals_ = false;
        }
    }
}

bool WideTagGuard::feed(std::string_view piece) {
    constexpr std::size_t kMost = 8192;
    const std::size_t first = piece.find('<');
    count(piece.substr(0, first));
    if (assignments_ > kMost) return false;
    if (first == std::string_view::npos) return true;
    assignments_ = 0;
    after_equals_ = false;
    count(piece.substr(piece.rfind('<')));
    return true;
}

}  // namespace caseway
