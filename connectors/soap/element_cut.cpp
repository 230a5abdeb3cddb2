// connectors/soap/element_cut.cpp - markup is stepped over, never interpreted: what it means, the parser has said.
#include "connectors/soap/element_cut.hpp"

#include "connectors/soap/soap_request.hpp"

namespace caseway {
namespace {

/// Behind the first `end` from `at` on; the end of the text where there is none.
std::size_t behind(std::string_view xml, std::string_view end, std::size_t at) {
    const std::size_t found = xml.find(end, at);
    return found == std::string_view::npos ? xml.size() : found + end.size();
}

/// Behind the `>` of the tag at `at`: one inside a quoted value does not count.
std::size_t behindTag(std::string_view xml, std::size_t at) {
    char quote = 0;
    for (; at < xml.size(); ++at) {
        const char c = xml[at];
        if (quote != 0) {
            if (c == quote) quote = 0;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '>') {
            return at + 1;
        }
    }
    return at;
}

}  // namespace

std::string cutElement(std::string_view xml, std::uint64_t ordinal, const NamespacesInScope& declare) {
    std::uint64_t seen = 0, depth = 0;
    std::size_t begin = std::string_view::npos, name_end = 0;
    for (std::size_t at = xml.find('<'); at < xml.size(); at = xml.find('<', at)) {
        const std::string_view rest = xml.substr(at);
        if (rest.starts_with("<!--")) {
            at = behind(xml, "-->", at + 4);
        } else if (rest.starts_with("<![CDATA[")) {
            at = behind(xml, "]]>", at);
        } else if (rest.starts_with("<?")) {
            at = behind(xml, "?>", at);
        } else {
            const std::size_t end = behindTag(xml, at);
            const bool closes = rest.starts_with("</"), is_empty = !closes && end >= 2 && xml[end - 2] == '/';
            if (!closes && seen++ == ordinal) {
                begin = at;
                name_end = std::min(xml.find_first_of(" \t\r\n/>", at + 1), xml.size());
            }
            if (begin != std::string_view::npos) {
                if (!closes && !is_empty) ++depth;
                if (closes) --depth;
                if (depth == 0) {
                    std::string cut(xml.substr(begin, name_end - begin));
                    for (const auto& [prefix, name] : declare)
                        cut += " xmlns" + (prefix.empty() ? "" : ":" + prefix) + "=\"" + xmlEscaped(name) + "\"";
                    return cut += xml.substr(name_end, end - name_end);
                }
            }
            at = end;
        }
    }
    return {};
}

}  // namespace caseway
