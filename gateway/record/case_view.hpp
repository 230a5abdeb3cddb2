// gateway/record/case_view.hpp - a stored case as people and programs read it: the canonical record, which message set
// each field, and what other systems say otherwise. Reads only; personal data masked unless asked for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/ports/store.hpp"
#include "gateway/record/case_number.hpp"
#include "gateway/record/case_state.hpp"

namespace caseway {

/// Unmasked is for systems that may have the data, and for people after the unmasking was audited.
enum class Show { Masked, Unmasked };

/// The message that made a statement: the newest one that stated this value.
struct StatementSource {
    std::string system;
    MessageId message_id;
    LogIndex index = 0;
    std::uint64_t record = 0;  ///< 1-based ordinal in the payload
    Instant sent_at{};
};

struct FieldProvenance {
    std::string pointer;  ///< JSON pointer into the record: /accept/accept_time, /steps/0/opinion
    StatementSource source;
};

/// One thing of which two systems say different; the record has the standing value.
struct CaseConflict {
    std::string pointer;
    std::string standing_value;  ///< JSON; null: cleared; of /operation: never stated, its silence counts
    StatementSource standing;
    std::string other_value;
    StatementSource other;
};

struct CaseView {
    std::string case_no;
    std::string owner;             ///< system id
    std::string owner_department;  ///< department code
    bool deleted = false;
    std::string record;  ///< canonical JSON (RFC 8785), valid against case-record.schema.json where unmasked
    std::vector<FieldProvenance> provenance;  ///< in the order of the record; case_no and source_system have none
    std::vector<CaseConflict> conflicts;
    std::optional<VanishedRow> vanished{};  ///< the caller's to fill: it stands beside the case
};

/// All of a case. `row` must not be an alias (case_lookup.hpp). Throws Fault{StoreCorrupt}.
CaseView viewOf(StoreReader& store, const CaseRow& row, const CaseNumbers& numbers, Show show);
/// The same of a state that was loaded.
CaseView viewOf(const CaseState& state, const CaseRow& row, const CaseNumbers& numbers, Show show);
/// Only its record, for lists, reads and the feed. Throws Fault{StoreCorrupt}.
std::string recordJsonOf(StoreReader& store, const CaseRow& row, const CaseNumbers& numbers, Show show);
/// Dotted names of the fields whose standing value came from this record of this message: what remains of its change.
std::vector<std::string> fieldsSetBy(StoreReader& store, const CaseRow& row, LogIndex index, std::uint64_t record);

/// Appends the view as canonical JSON: case_no, conflicts, deleted, owner, owner_department, provenance, record,
/// vanished.
void appendViewJson(const CaseView& view, std::string& out);

}  // namespace caseway
