// gateway/log/leaf.cpp - writing a leaf, on the path of every message: members in their sorted order, no tree, no
// sorting.
#include "gateway/log/leaf.hpp"

#include <algorithm>
#include <charconv>

#include "gateway/base/check.hpp"
#include "gateway/base/hex_blocks.hpp"
#include "gateway/formats/json/document.hpp"

namespace caseway {
namespace {

constexpr std::uint64_t kNumberMax = (1ULL << 53) - 1;  ///< beyond it a JSON number is not exact

/// Members of one object; the caller keeps their order.
class Members {
public:
    explicit Members(std::string& out) : out_(out) { out_ += '{'; }
    void close() { out_ += '}'; }

    void name(std::string_view name) {
        if (!first_) out_ += ',';
        first_ = false;
        out_ += '"';
        out_ += name;
        out_ += "\":";
    }
    /// `value` has nothing to escape.
    void text(std::string_view member, std::string_view value) {
        name(member);
        out_ += '"';
        out_ += value;
        out_ += '"';
    }
    void number(std::string_view member, std::uint64_t value) {
        CASEWAY_CHECK(value <= kNumberMax);
        name(member);
        char digits[20];
        out_.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
    }
    void hash(std::string_view member, const std::optional<Sha256>& value) {
        if (!value) return;
        text(member, textOf(hexDigits(*value)));
    }

private:
    std::string& out_;
    bool first_ = true;
};

bool isSnakeCase(std::string_view code) {
    return std::all_of(code.begin(), code.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

void appendCounts(const RecordCounts& counts, Members& leaf, std::string& out) {
    leaf.name("counts");
    Members members(out);
    members.number("changed", counts.changed);
    members.number("new", counts.fresh);
    members.number("refused", counts.refused);
    members.number("same", counts.same);
    members.number("stale", counts.stale);
    members.close();
}

}  // namespace

void appendLeaf(const LogEntry& entry, std::string& out) {
    const std::size_t start = out.size();
    out.reserve(start + 1024);
    Members leaf(out);
    leaf.hash("answer", entry.answer_digest);
    leaf.text("at", toRfc3339(entry.received_at));
    if (entry.binding) leaf.text("binding", nameOf(*entry.binding));
    if (entry.certificate) leaf.hash("cert", entry.certificate->digest());
    if (entry.aggregate_count) leaf.number("count", *entry.aggregate_count);
    if (entry.counts) appendCounts(*entry.counts, leaf, out);
    if (!entry.department.empty()) {
        leaf.name("department");
        appendJsonString(entry.department, out);
    }
    if (!entry.detail.empty()) {
        CASEWAY_CHECK(entry.detail.starts_with('{') && entry.detail.ends_with('}'));
        leaf.name("detail");
        out += entry.detail;
    }
    leaf.hash("envelope", entry.envelope_digest);
    if (entry.message_id) leaf.text("id", entry.message_id->text());
    leaf.hash("mapping", entry.mapping_version);
    leaf.text("origin", nameOf(entry.origin));
    if (entry.outcome) leaf.text("outcome", nameOf(*entry.outcome));
    leaf.hash("outcomes", entry.outcomes_root);
    leaf.hash("payload", entry.payload_digest);
    if (entry.received_index) leaf.number("received", *entry.received_index);
    CASEWAY_CHECK(isSnakeCase(entry.refusal_code));
    if (!entry.refusal_code.empty()) leaf.text("refusal", entry.refusal_code);
    if (entry.sender) leaf.text("sender", entry.sender->text());
    if (entry.sent_at) leaf.text("sent", toRfc3339(*entry.sent_at));
    leaf.text("type", nameOf(entry.type));
    leaf.number("v", 1);
    leaf.close();
    CASEWAY_CHECK(out.size() - start <= kLeafMax);
}

}  // namespace caseway
