// gateway/log/receipt.cpp - receipts: writing, reading, verifying offline.
#include "gateway/log/receipt.hpp"

#include "gateway/formats/json/document.hpp"
#include "gateway/log/leaf.hpp"

namespace caseway {
namespace {

constexpr std::size_t kReceiptMax = 64 * 1024 * 1024;  // with an answer around it: `limits.refusals_kept` refusals

Refusal malformed(std::string rule) {
    return {"malformed_receipt", "receipt", "", std::move(rule),
            "keep the \"receipt\" of an answer as it came: {\"leaf\": …, \"proof\": …}"};
}

std::string_view firstLine(std::string_view text) {
    return text.substr(0, text.find('\n'));
}

}  // namespace

void appendReceipt(std::string_view leaf, std::string_view proof, std::string& out) {
    out.reserve(out.size() + 2 * (leaf.size() + proof.size()) + 32);
    out += "{\"leaf\":";
    appendJsonString(leaf, out);
    out += ",\"proof\":";
    appendJsonString(proof, out);
    out += '}';
}

Result<Receipt> parseReceipt(std::string_view json) {
    if (json.size() > kReceiptMax) return malformed("at most 64 MiB");
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

NoteKey forOrigin(const NoteKey& key, std::string_view origin) {
    const bool continues = origin.size() > key.name().size() && origin.starts_with(key.name()) &&
                           origin[key.name().size()] == '/' && isNoteKeyName(origin);
    return continues ? key.renamed(std::string(origin)) : key;
}

Result<VerifiedReceipt> verifyReceipt(std::string_view json, const NoteKey& key) {
    auto receipt = parseReceipt(json);
    if (!receipt) return std::move(receipt).error();
    const auto proof = parseTlogProof(receipt->proof);
    if (!proof) return proof.error();
    auto proven = verifyTlogProof(receipt->proof, receipt->leaf, forOrigin(key, firstLine(proof->checkpoint)));
    if (!proven) return std::move(proven).error();
    auto entry = parseLeaf(receipt->leaf);
    if (!entry) return std::move(entry).error();
    return VerifiedReceipt{std::move(entry).value(), proven->index, proven->checkpoint};
}

Result<HeldHead> openHeldHead(std::string_view text, const NoteKey& key) {
    if (!text.starts_with('{')) {
        auto checkpoint = openCheckpoint(text, forOrigin(key, firstLine(text)));
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
