// gateway/formats/run/reconciliation_document.cpp - one table of the counts for writing and reading.
#include "gateway/formats/run/reconciliation_document.hpp"

#include <array>

#include "gateway/formats/run/object_members.hpp"

namespace caseway {
namespace {

struct CountMember {
    std::string_view name;
    std::uint64_t ReconcileCounts::*count;
    bool is_seldom = false;  ///< left out where it is 0: documents of before have none
};
/// Sorted.
constexpr std::array<CountMember, 17> kCounts{{{"both", &ReconcileCounts::both},
                                               {"deleted_here", &ReconcileCounts::deleted_here},
                                               {"different", &ReconcileCounts::different},
                                               {"doubled", &ReconcileCounts::doubled, true},
                                               {"marked", &ReconcileCounts::marked},
                                               {"missing_here", &ReconcileCounts::missing_here},
                                               {"missing_there", &ReconcileCounts::missing_there},
                                               {"newer_here", &ReconcileCounts::newer_here},
                                               {"not_compared", &ReconcileCounts::not_compared},
                                               {"ours", &ReconcileCounts::ours},
                                               {"payloads_refused", &ReconcileCounts::payloads_refused},
                                               {"read", &ReconcileCounts::read},
                                               {"refused", &ReconcileCounts::refused},
                                               {"repeated", &ReconcileCounts::repeated},
                                               {"returned", &ReconcileCounts::returned},
                                               {"same", &ReconcileCounts::same},
                                               {"unreadable", &ReconcileCounts::unreadable}}};

}  // namespace

void appendReconcileCounts(const ReconcileCounts& counts, std::string& out) {
    Members members(out);
    for (const CountMember& member : kCounts)
        if (!member.is_seldom || counts.*member.count != 0) members.number(member.name, counts.*member.count);
    members.close();
}

void appendReconciliation(const Reconciliation& reconciliation, std::string& out) {
    Members members(out);
    if (reconciliation.began) {
        members.number("began_change", reconciliation.began->change);
        members.number("began_leaf", reconciliation.began->leaf);
    }
    appendReconcileCounts(reconciliation.counts, members.value("counts"));
    members.text("repair", nameOf(reconciliation.order.repair));
    if (!reconciliation.report.empty()) members.text("report", reconciliation.report);
    if (reconciliation.order.is_share_given) members.number("share_given", 1);
    members.text("vanished_at_most", reconciliation.order.vanished_at_most.text());
    members.close();
}

std::optional<Reconciliation> readReconciliation(const JsonValue& value) {
    Reading object(&value);
    Reading counts(object.find("counts"));
    Reconciliation read;
    for (const CountMember& member : kCounts)
        read.counts.*member.count =
            member.is_seldom ? counts.numberIfAny(member.name).value_or(0) : counts.number(member.name);
    const auto repair = parseRepair(object.text("repair"));
    const auto share = Share::parse(object.text("vanished_at_most"));
    if (object.find("report") != nullptr) read.report = object.text("report");
    if (object.find("began_leaf") != nullptr)
        read.began = ReconcileBegan{object.number("began_leaf"), object.number("began_change")};
    if (!repair || !share || !object.good() || !counts.good()) return std::nullopt;
    read.order = {*repair, *share, object.numberIfAny("share_given").value_or(0) != 0};
    return read;
}

}  // namespace caseway
