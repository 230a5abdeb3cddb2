// gateway/log/receipt.cpp - receipts: writing, reading, verifying offline.
#include "gateway/log/receipt.hpp"

#include "gateway/formats/json/document.hpp"
#include "gateway/log/leaf.hpp"

namespace caseway {
namespace {

constexpr std::size_t kReceiptMax = 512 * 1024;

Refusal malformed(std::string rule) {
    return {"malformed_receipt", "receipt", "", std::move(rule),
            "keep the \"receipt\" of an answer as it came: {\"leaf\": …, \"proof\": …}"};
}

/// As appendJsonString, for texts whose escapes are known to be few: leaf and proof are ASCII but for the em dash.
void appendQuoted(std::string_view text, std::string& out) {
    out += '"';
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = std::min(text.find_first_of("\"\\\n", start), text.size());
        out += text.substr(start, end - start);
        if (end < text.size()) {
            out += '\\';
            out += text[end] == '\n' ? 'n' : text[end];
        }
        start = end + 1;
    }
    out += '"';
}

}  // namespace

void appendReceipt(std::string_view leaf, std::string_view proof, std::string& out) {
    out.reserve(out.size() + leaf.size() + proof.size() + 160);
    out += "{\"leaf\":";
    appendQuoted(leaf, out);
    out += ",\"proof\":";
    appendQuoted(proof, out);
    out += '}';
}

Result<Receipt> parseReceipt(std::string_view json) {
    if (json.size() > kReceiptMax) return malformed("at most 512 KiB");
    JsonTree tree;
    const auto value = parseJson(json, JsonLimits{}, tree);
    if (!value) return malformed("JSON: " + value.error().where + " " + value.error().rule);
    const JsonValue* receipt = (*value)->find("receipt");
    if (receipt == nullptr) receipt = *value;
    const JsonValue* leaf = receipt->find("leaf");
    const JsonValue* proof = receipt->find("proof");
    if (leaf == nullptr || proof == nullptr || leaf->type != JsonValue::Type::String ||
        proof->type != JsonValue::Type::String)
        return malformed("an object with the texts \"leaf\" and \"proof\"");
    return Receipt{std::string(leaf->text), std::string(proof->text)};
}

Result<VerifiedReceipt> verifyReceipt(std::string_view json, const NoteKey& key) {
    auto receipt = parseReceipt(json);
    if (!receipt) return std::move(receipt).error();
    auto proven = verifyTlogProof(receipt->proof, receipt->leaf, key);
    if (!proven) return std::move(proven).error();
    auto entry = parseLeaf(receipt->leaf);
    if (!entry) return std::move(entry).error();
    return VerifiedReceipt{std::move(entry).value(), proven->index, proven->checkpoint};
}

Result<HeldHead> openHeldHead(std::string_view text, const NoteKey& key) {
    if (!text.starts_with('{')) {
        auto checkpoint = openCheckpoint(text, key);
        if (!checkpoint) return std::move(checkpoint).error();
        return HeldHead{std::string(text), std::move(checkpoint).value(), "", 0};
    }
    auto verified = verifyReceipt(text, key);
    if (!verified) return std::move(verified).error();
    auto receipt = parseReceipt(text);
    auto proof = parseTlogProof(receipt->proof);
    return HeldHead{proof->checkpoint, verified->checkpoint, receipt->leaf, verified->index};
}

}  // namespace caseway
