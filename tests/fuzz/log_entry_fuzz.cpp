// tests/fuzz/log_entry_fuzz.cpp - leaves, receipts and outcome lines from any bytes; a leaf that is taken has one form.
#include "gateway/base/check.hpp"
#include "gateway/log/leaf.hpp"
#include "gateway/log/outcome_lines.hpp"
#include "gateway/log/receipt.hpp"

using namespace caseway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = textOf({data, size});
    if (const auto entry = parseLeaf(text); entry.ok()) {
        std::string again;
        appendLeaf(*entry, again);
        CASEWAY_CHECK(again == text);
    }
    if (const auto receipt = parseReceipt(text); receipt.ok()) {
        std::string again;
        appendReceipt(receipt->leaf, receipt->proof, again);
    }
    OutcomeLinesReader whole, pieces;
    whole.add(text);
    for (std::size_t at = 0; at < text.size(); at += 7) pieces.add(text.substr(at, 7));
    CASEWAY_CHECK(whole.finish().root == pieces.finish().root);
    return 0;
}
