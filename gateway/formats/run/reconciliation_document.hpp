// gateway/formats/run/reconciliation_document.hpp - what a reconciliation was to do and found, as canonical JSON: a
// member of its run, in the store and in the leaf of its end. Members: docs/formats/difference-report.md.
#pragma once

#include <optional>
#include <string>

#include "gateway/domain/reconciliation.hpp"
#include "gateway/formats/json/document.hpp"

namespace caseway {

/// Members: counts, repair, report (where there is one), share_given (1, where a person gave it), vanished_at_most.
void appendReconciliation(const Reconciliation& reconciliation, std::string& out);
/// Its counts alone, as one object.
void appendReconcileCounts(const ReconcileCounts& counts, std::string& out);
/// Nothing where it is not what appendReconciliation() writes.
std::optional<Reconciliation> readReconciliation(const JsonValue& object);

}  // namespace caseway
