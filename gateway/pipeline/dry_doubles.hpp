// gateway/pipeline/dry_doubles.hpp - records of a dry run that double a number: another one of the set says otherwise,
// and neither is newer. Nothing of it is stored, so what the first record of each number said is kept aside. A real run
// finds them in its cases (pipeline/doubled_numbers.hpp).
#pragma once

#include <memory>
#include <utility>

#include "gateway/base/mask.hpp"
#include "gateway/domain/run.hpp"
#include "gateway/pipeline/stated_values.hpp"
#include "gateway/ports/key_set.hpp"
#include "gateway/record/admission.hpp"
#include "gateway/record/record_fields.hpp"

namespace caseway {

class DryDoubles {
public:
    /// `make`: of the place where it is kept; its keys go with this object.
    explicit DryDoubles(KeySetMaker make) : make_(std::move(make)) {}

    /// The set is read from its begin: what was said before is of another one.
    void beginAnew() { keys_.reset(); }
    /// Of one that is not refused. `sent_at`: of the signed message that has it; else none. Throws Fault as a KeySet.
    void look(const CasePatch& patch, Instant sent_at, RunCounts& counts) {
        if (!keys_) keys_ = make_();
        const Sha256 key = StatedValues::keyOfNumbers(patch);
        const StatedValues::Said said = StatedValues::of(patch, sent_at);
        if (!StatedValues::contradicts(key, said, *keys_)) return StatedValues::keep(key, said, *keys_);
        if (counts.doubled++ != 0) return;
        const auto own = statedText(patch, recordFields().source_case_no);
        counts.doubled_such = masked(own.empty() ? statedText(patch, recordFields().case_no) : own);
    }

private:
    KeySetMaker make_;
    std::unique_ptr<KeySet> keys_;
};

}  // namespace caseway
