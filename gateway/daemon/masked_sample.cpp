// gateway/daemon/masked_sample.cpp - a look at each character, no parser: what is shown is a beginning, and may be
// broken.
#include "gateway/daemon/masked_sample.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "gateway/base/mask.hpp"
#include "gateway/normalize/shown_value.hpp"

namespace caseway {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

bool isOfWord(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '+' || c == '.' || static_cast<unsigned char>(c) >= 0x80;
}

/// Space around a value is of the form. `is_cut`: nobody knows what it would be.
void appendValue(std::string_view value, bool is_cut, std::string& out) {
    const std::size_t begin = value.find_first_not_of(kSpace);
    if (begin == value.npos) {
        out += value;
        return;
    }
    const std::size_t end = value.find_last_not_of(kSpace) + 1;
    out += value.substr(0, begin);
    const std::string_view inside = value.substr(begin, end - begin);
    out += is_cut ? masked(inside) : shownKind(inside, false);
    out += value.substr(end);
}

std::size_t endOf(std::string_view text, std::string_view mark, std::size_t from) {
    const std::size_t at = text.find(mark, from);
    return at == text.npos ? text.size() : at;
}

/// A name of members or elements that most records have is a column's; one that stands now and then may be a
/// person's, as in {"张三": 1}. Digits, also of full width, and addresses are in no column's name that has to be seen.
struct Columns {
    const WrittenNames& written;
    std::map<std::string_view, std::size_t> names{};
    std::size_t most = 0;  ///< of the name that stands most often
};
bool isColumn(const Columns& columns, std::string_view name) {
    constexpr std::string_view kFullWidth = "\xEF\xBC";
    if (columns.written.contains(name)) return true;
    const auto found = columns.names.find(name);
    return found != columns.names.end() && found->second > 1 && found->second * 2 > columns.most &&
           name.find_first_of("0123456789@") == name.npos && name.find(kFullWidth) == name.npos;
}

void countMost(Columns& columns) {
    for (const auto& [name, count] : columns.names) columns.most = std::max(columns.most, count);
}

std::size_t endOfWord(std::string_view text, std::size_t from) {
    while (from < text.size() && isOfWord(text[from])) ++from;
    return from;
}

/// Words outside of attributes' values, in tags that begin an element.
Columns columnsOfXml(std::string_view text, const WrittenNames& written) {
    Columns columns{written};
    for (std::size_t at = text.find('<'); at < text.size(); at = text.find('<', at)) {
        const bool begins = ++at < text.size() && isOfWord(text[at]);
        for (char quote = 0; at < text.size() && (quote != 0 || text[at] != '>');) {
            const char c = text[at];
            const std::size_t end = quote == 0 && isOfWord(c) ? endOfWord(text, at) : at + 1;
            if (quote == 0 && isOfWord(c) && begins && end < text.size()) ++columns.names[text.substr(at, end - at)];
            if (c == '"' || c == '\'') quote = quote == 0 ? c : quote == c ? '\0' : quote;
            at = end;
        }
    }
    countMost(columns);
    return columns;
}

/// As programs write it: a version, an encoding, nobody's name.
std::string_view declarationIn(std::string_view text) {
    constexpr std::size_t kMost = 80;
    if (!text.starts_with("<?xml ")) return {};
    const std::size_t end = text.find("?>");
    const std::string_view found = end < kMost ? text.substr(0, end + 2) : std::string_view();
    const bool is_plain =
        std::none_of(found.begin(), found.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    return is_plain ? found : std::string_view();
}

/// Behind `<`; returns what stands behind its end.
std::size_t appendTag(std::string_view text, std::size_t at, const Columns& columns, std::string& out) {
    while (at < text.size() && text[at] != '>') {
        const char c = text[at];
        std::size_t end = at + 1;
        if (c == '"' || c == '\'') {
            end = endOf(text, text.substr(at, 1), at + 1);
            out += c;
            appendValue(text.substr(at + 1, end - at - 1), end == text.size(), out);
        } else {
            if (isOfWord(c)) end = endOfWord(text, at);
            const std::string_view word = text.substr(at, end - at);
            out += isColumn(columns, word) ? std::string(word) : withNamesMasked(word);
            at = end;
            continue;
        }
        if (end < text.size()) out += c;
        at = std::min(end + 1, text.size());
    }
    if (at < text.size()) out += text[at++];
    return at;
}

std::string ofXml(std::string_view text, const WrittenNames& written) {
    constexpr std::string_view kComment = "<!--", kCData = "<![CDATA[";
    const Columns columns = columnsOfXml(text, written);
    std::string out(declarationIn(text));
    for (std::size_t at = out.size(); at < text.size();) {
        const std::string_view rest = text.substr(at);
        const std::string_view opens = rest.starts_with(kComment) ? kComment
                                       : rest.starts_with(kCData) ? kCData
                                                                  : std::string_view();
        if (!opens.empty()) {
            const std::string_view closes = opens == kComment ? "-->" : "]]>";
            const std::size_t begin = at + opens.size(), end = endOf(text, closes, begin);
            out += opens;
            appendValue(text.substr(begin, end - begin), end == text.size(), out);
            out += text.substr(end, closes.size());
            at = std::min(end + closes.size(), text.size());
        } else if (text[at] == '<') {
            out += '<';
            at = appendTag(text, at + 1, columns, out);
        } else {
            const std::size_t end = endOf(text, "<", at);
            appendValue(text.substr(at, end - at), end == text.size(), out);
            at = end;
        }
    }
    return out;
}

std::size_t endOfString(std::string_view text, std::size_t from) {
    while (from < text.size() && text[from] != '"') from += text[from] == '\\' ? 2 : 1;
    return std::min(from, text.size());
}

Columns columnsOfJson(std::string_view text, const WrittenNames& written) {
    Columns columns{written};
    for (std::size_t at = text.find('"'); at < text.size(); at = text.find('"', at)) {
        const std::size_t end = endOfString(text, at + 1);
        const std::size_t next = end < text.size() ? text.find_first_not_of(kSpace, end + 1) : text.npos;
        if (next != text.npos && text[next] == ':') ++columns.names[text.substr(at + 1, end - at - 1)];
        at = end + 1;
    }
    countMost(columns);
    return columns;
}

std::string ofJson(std::string_view text, const WrittenNames& written) {
    const Columns columns = columnsOfJson(text, written);
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at + 1;
        if (text[at] == '"') {
            end = endOfString(text, at + 1);
            const std::string_view inside = text.substr(at + 1, end - at - 1);
            const bool is_closed = end < text.size();
            const std::size_t next = text.find_first_not_of(kSpace, is_closed ? end + 1 : end);
            out += '"';
            if (is_closed && next != text.npos && text[next] == ':')
                out += isColumn(columns, inside) ? std::string(inside) : withNamesMasked(inside);
            else
                appendValue(inside, !is_closed, out);
            if (is_closed) out += '"', ++end;
        } else if (isOfWord(text[at])) {
            end = endOfWord(text, at);
            const std::string_view word = text.substr(at, end - at);
            const bool is_named = word == "true" || word == "false" || word == "null";
            if (is_named)
                out += word;
            else
                appendValue(word, end == text.size(), out);
        } else {
            out += text[at];
        }
        at = end;
    }
    return out;
}

/// What stands between the signs of JSONPath and XPath; also whole where it is quoted, which may hold any sign.
void addNamesIn(std::string_view expression, WrittenNames& names) {
    constexpr std::string_view kSigns = "$.[]()/@:*?,;=<>!&|+'\"{} \t\r\n";
    for (std::size_t at = expression.find_first_not_of(kSigns); at != expression.npos;) {
        const std::size_t end = std::min(expression.find_first_of(kSigns, at), expression.size());
        names.emplace(expression.substr(at, end - at));
        at = expression.find_first_not_of(kSigns, end);
    }
    for (std::size_t at = expression.find_first_of("'\""); at != expression.npos;) {
        const std::size_t end = expression.find(expression[at], at + 1);
        if (end == expression.npos) return;
        names.emplace(expression.substr(at + 1, end - at - 1));
        at = expression.find_first_of("'\"", end + 1);
    }
}

void addNamesOf(const std::optional<ConditionSpec>& condition, WrittenNames& names) {
    if (condition) addNamesIn(condition->expression, names);
}

void addNamesOf(const std::vector<FieldSpec>& fields, WrittenNames& names) {
    for (const FieldSpec& field : fields) {
        addNamesIn(field.expression, names);
        addNamesOf(field.when, names);
    }
}

}  // namespace

void addNamesOf(const YamlNode& settings, WrittenNames& names) {
    if (settings.kind == YamlNode::Kind::Text) addNamesIn(settings.text, names);
    for (const YamlNode& item : settings.items) addNamesOf(item, names);
    for (const YamlMember& member : settings.members)
        if (member.key != "secret") addNamesOf(member.value, names);
}

void addNamesOf(const MappingSpec& mapping, WrittenNames& names) {
    for (const KindSpec& kind : mapping.kinds) {
        addNamesIn(kind.records, names);
        addNamesOf(kind.when, names);
        addNamesOf(kind.fields, names);
        for (const ListSpec& list : kind.lists) {
            addNamesIn(list.each, names);
            addNamesOf(list.when, names);
            addNamesOf(list.fields, names);
        }
    }
}

std::string maskedSample(std::string_view text, const WrittenNames& written) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    const std::size_t first = text.find_first_not_of(kSpace);
    return first != text.npos && text[first] == '<' ? ofXml(text, written) : ofJson(text, written);
}

}  // namespace caseway
