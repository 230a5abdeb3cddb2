// connectors/sql/row_document.cpp - cells as JSON values.
#include "connectors/sql/row_document.hpp"

#include <fmt/format.h>

#include "gateway/base/base64.hpp"
#include "gateway/domain/unreadable_record.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/text/encoding.hpp"

namespace caseway {
namespace {

constexpr std::size_t kShortBytes = 256;  ///< that a row which is refused anyway shows of a value

/// A number of RFC 8259, perhaps with the nought that Oracle leaves out (".5"); empty where it is none (NaN).
std::string asJsonNumber(const std::string& text) {
    const bool plain = !text.empty() && text.size() < 19 && text.find_first_not_of("0123456789") == std::string::npos;
    if (plain && (text[0] != '0' || text.size() == 1)) return text;
    std::string number = text;
    const std::size_t first = number.starts_with('-') ? 1 : 0;
    if (number.size() > first && number[first] == '.') number.insert(first, "0");
    JsonTree tree;
    const auto parsed = parseJson(number, {}, tree);
    return parsed.ok() && (*parsed)->type == JsonValue::Type::Number ? number : std::string();
}

}  // namespace

std::string RowDocument::appendValue(const SqlColumn& column, const SqlCell& cell, std::string& json) const {
    if (!cell.unreadable.empty()) return cell.unreadable;
    if (cell.is_null) {
        json += "null";
        return {};
    }
    switch (column.kind) {
        case SqlKind::Integer:
        case SqlKind::Number:
            if (const std::string number = asJsonNumber(cell.bytes); !number.empty()) {
                json += number;
                return {};
            }
            break;
        case SqlKind::Boolean:
            json += cell.bytes == "1" || cell.bytes == "t" || cell.bytes == "true" ? "true" : "false";
            return {};
        case SqlKind::Binary:
            json += '"' + toBase64(bytesOf(cell.bytes)) + '"';
            return {};
        default:
            break;
    }
    if (settings_.text_encoding.empty() || column.kind != SqlKind::Text) {
        appendJsonString(cell.bytes, json);
        return {};
    }
    const auto text = toUtf8(cell.bytes, FoundEncoding{settings_.text_encoding, 0, {}, false});
    if (!text || (settings_.text_encoding == "UTF-8" && !isUtf8(cell.bytes)))
        return fmt::format("text_not_readable: column `{}` has a text that is not in {}", column.name,
                           settings_.text_encoding);
    appendJsonString(*text, json);
    return {};
}

void RowDocument::appendMember(std::size_t column, const SqlRow& row, std::string& json,
                               std::string& unreadable) const {
    if (!plan_.isShown(column) || (row[column].is_null && settings_.nulls_absent)) return;
    const std::size_t before = json.size();
    if (json.size() > 1) json += ',';
    appendJsonString(plan_.columns()[column].name, json);
    json += ':';
    const std::string why = appendValue(plan_.columns()[column], row[column], json);
    if (!why.empty()) json.resize(before);
    if (unreadable.empty()) unreadable = why;
}

std::string RowDocument::object(const SqlRow& row, const std::string& refused) const {
    std::string json = "{", unreadable = refused;
    for (std::size_t i = 0; i < row.size(); ++i) appendMember(i, row, json, unreadable);
    if (unreadable.empty()) return json + "}";
    json = "{";
    for (std::size_t i = 0; i < row.size(); ++i)
        if (row[i].bytes.size() <= kShortBytes) appendMember(i, row, json, unreadable);
    if (json.size() > 1) json += ',';
    appendJsonString(kUnreadableMember, json);
    json += ':';
    appendJsonString(unreadable, json);
    return json + "}";
}

std::string RowDocument::digest(const SqlRow& row) const {
    Sha256Stream digest;
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (plan_.isFlag(i)) continue;
        digest.update(fmt::format("{}:{}:", row[i].is_null ? 'n' : 'v', row[i].bytes.size()));
        digest.update(row[i].bytes);
    }
    return toBase64Url(digest.finish().bytes).substr(0, 16);
}

}  // namespace caseway
