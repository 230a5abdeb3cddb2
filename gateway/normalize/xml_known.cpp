// gateway/normalize/xml_known.cpp - records that are known by their bytes: marked when they are read, passed over when
// they come again. Why that is the same: docs/decisions/0019.
#include "gateway/normalize/plan.hpp"
#include "gateway/normalize/xml_pass.hpp"

namespace caseway {

/// An expression costs steps of the message's stock, so that a record that is passed over would give them to another.
XmlElementBytes* XmlPass::bytes() {
    known_records_ = whole_ == nullptr && plan_.expressions.empty() ? builder_.sink().knownRecords() : nullptr;
    return known_records_ != nullptr ? this : nullptr;
}

bool XmlPass::wants() {
    if (matcher_.active().empty()) return false;
    found_before_ = matcher_.found() - 1;  // the element itself
    records_before_ = builder_.records();
    passed_over_before_ = builder_.passedOver();
    return true;
}

void XmlPass::ended(std::string_view bytes) {
    const std::uint64_t found = matcher_.found() - found_before_;
    if (bytes.empty() || !matcher_.countsNoChildren()) return known_records_->parsed(nullptr);
    RecordMark mark{around_.digestOf(known_records_->secret(), bytes), bytes.size(), found};
    known_records_->parsed(&mark.digest);
    const bool is_one = builder_.records() == records_before_ + 1 && builder_.passedOver() == passed_over_before_;
    if (is_one && builder_.isLastMapped()) builder_.sink().marked(mark);
}

std::size_t XmlPass::looksAhead() {
    return matcher_.countsNoChildren() ? known_records_->looksAhead() : 0;
}

XmlElementBytes::Known XmlPass::known(std::string_view ahead, std::uint64_t line) {
    auto found = known_records_->match(ahead.size(), [&](std::size_t bytes) {
        return around_.digestOf(known_records_->secret(), ahead.substr(0, bytes));
    });
    if (!found) return {};
    found->line = line;
    matcher_.addFound(found->mark.found);
    return {static_cast<std::size_t>(found->mark.bytes), builder_.takeKnown(*found)};
}

}  // namespace caseway
