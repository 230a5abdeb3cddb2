// gateway/log/audit_document.cpp - audit documents as canonical JSON, and their leaf.
#include "gateway/log/audit_document.hpp"

#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/log/leaf.hpp"

namespace caseway {
namespace {

using Type = JsonValue::Type;

void appendText(std::string_view name, std::string_view value, std::string& out) {
    appendJsonString(name, out);
    out += ':';
    appendJsonString(value, out);
}

std::string treeJson(const FileTree& tree) {
    std::string out = "{";
    for (const auto& [path, bytes] : tree) {
        if (out.size() > 1) out += ',';
        appendText(path, bytes, out);
    }
    return out + "}";
}

std::string detailOf(const AuditDocument& document) {
    std::string out = "{\"after\":\"" + toHex(sha256(treeJson(document.after))) + "\",\"before\":\"" +
                      toHex(sha256(treeJson(document.before))) + "\",";
    appendText("by", "uid " + document.by_uid, out);
    out += ',';
    appendText("change", document.change, out);
    out += ',';
    appendText("event", document.event, out);
    out += ',';
    appendText("subject", document.subject, out);
    return out + "}";
}

Refusal malformed(std::string where) {
    return {"audit_document_malformed",
            std::move(where),
            {},
            "a document as the register writes it",
            "compare with a backup: docs/formats/message-log.md"};
}

bool readText(const JsonValue& object, std::string_view name, std::string& out) {
    const JsonValue* const value = object.find(name);
    if (value == nullptr || value->type != Type::String) return false;
    out = value->text;
    return true;
}

bool readTree(const JsonValue& object, std::string_view name, FileTree& out) {
    const JsonValue* const value = object.find(name);
    if (value == nullptr || value->type != Type::Object) return false;
    for (std::uint32_t i = 0; i < value->count; ++i) {
        if (value->members[i].value.type != Type::String) return false;
        out.emplace(value->members[i].name, value->members[i].value.text);
    }
    return true;
}

}  // namespace

std::string AuditDocument::json() const {
    std::string out = "{\"after\":" + treeJson(after) + ",\"before\":" + treeJson(before) + ",\"by\":{";
    if (!by_claimed.empty()) {
        appendText("claimed", by_claimed, out);
        out += ',';
    }
    appendText("name", by_name, out);
    out += ',';
    appendText("uid", by_uid, out);
    out += "},";
    appendText("change", change, out);
    out += ',';
    appendText("event", event, out);
    out += ',';
    appendText("subject", subject, out);
    return out + "}";
}

Result<AuditDocument> AuditDocument::read(std::string_view json) {
    JsonTree tree;
    const auto root = parseJson(json, JsonLimits{.depth = 4}, tree);
    if (!root) return malformed(root.error().where);
    if ((*root)->type != Type::Object) return malformed("document");
    AuditDocument document;
    const JsonValue* const by = (*root)->find("by");
    if (by == nullptr || by->type != Type::Object || !readText(*by, "name", document.by_name) ||
        !readText(*by, "uid", document.by_uid))
        return malformed("by");
    if (by->find("claimed") != nullptr && !readText(*by, "claimed", document.by_claimed)) return malformed("by");
    if (!readText(**root, "change", document.change) || !readText(**root, "event", document.event) ||
        !readText(**root, "subject", document.subject))
        return malformed("change, event, subject");
    if (!readTree(**root, "before", document.before) || !readTree(**root, "after", document.after))
        return malformed("before, after");
    return document;
}

LogEntry auditEntry(const AuditDocument& document, std::string_view json, Instant at) {
    LogEntry entry;
    entry.type = EntryType::Audit;
    entry.received_at = at;
    entry.envelope_digest = sha256(json);
    entry.detail = detailOf(document);
    return entry;
}

std::string auditDifference(const LogEntry& entry, std::string_view json) {
    const auto document = AuditDocument::read(json);
    if (!document) return document.error().where;
    if (detailOf(*document) == entry.detail) return {};
    for (const char* member : {"before", "after", "by", "change", "event", "subject"}) {
        LogEntry other;
        other.detail = detailOf(*document);
        if (detailText(other, member) != detailText(entry, member)) return member;
    }
    return "detail";
}

}  // namespace caseway
