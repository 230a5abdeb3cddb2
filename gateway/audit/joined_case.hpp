// gateway/audit/joined_case.hpp - a case made anew from its history alone, with the record stage's own functions: what
// the gateway must have made of the same records, in whatever order it met them (docs/decisions/0004).
#pragma once

#include <map>
#include <string>

#include "gateway/audit/message_facts.hpp"
#include "gateway/record/admission.hpp"
#include "gateway/record/case_state.hpp"

namespace caseway {

struct JoinedCase {
    std::string owner;  ///< system id; empty: no record created it
    std::string owner_department;
    bool by_window = false;  ///< the system that created it is of another department
    std::string case_no;     ///< that its records give; empty: none does
    std::string source_case_no;
    std::string state;  ///< bytes; departments not settled yet
    /// What a system's statements may count for: of the owner's department, or not. Both where its department changed
    /// while it spoke: the gateway keeps what held when it first spoke, and the log does not say in which order records
    /// of large messages were met.
    struct Standing {
        bool own = false;
        bool foreign = false;
    };
    std::map<std::string, Standing, std::less<>> systems;
    bool numbers_contradict = false;  ///< its records give two numbers: no case of ours
};

/// Joins histories; keeps memory from case to case.
class CaseJoiner {
public:
    /// Both must outlive it.
    CaseJoiner(StoreSnapshot& store, MessageFactsReader& facts) : store_(store), facts_(facts) {}
    /// All records of the case that were not refused. Rows that cannot be read are left out: they have their findings.
    JoinedCase join(CaseId id);
    /// `into` took `other` in: two numbers of one department had been two cases.
    void absorb(JoinedCase& into, const JoinedCase& other);
    /// The final bytes. `stored`: the state in the case's row, its repetition included; decides where a system's
    /// standing is open, and whether the digest of a sole record is told.
    std::string settle(const JoinedCase& joined, std::string_view stored);
    /// The state behind the bytes of the last settle(), whole; its views point into that `joined`.
    const CaseState& settled() const { return state_; }

private:
    void add(const PatchRow& row, JoinedCase& joined, std::map<std::string, std::vector<std::string>>& departments);
    void addRepeat(PatchRow row, JoinedCase& joined, std::map<std::string, std::vector<std::string>>& departments);

    StoreSnapshot& store_;
    MessageFactsReader& facts_;
    const RecorderConfig config_{};
    const Admission admission_{config_};
    CaseState state_, stated_;
    CasePatch patch_;
    std::vector<Statement> former_;
    std::string bytes_;
};

}  // namespace caseway
