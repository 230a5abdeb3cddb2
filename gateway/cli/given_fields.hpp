// gateway/cli/given_fields.hpp - which fields of a mapping gave a value in some record, so that those that never did
// can be told: mostly a name that was mistyped.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "gateway/domain/case_patch.hpp"
#include "gateway/normalize/mapping_spec.hpp"

namespace caseway {

class GivenFields {
public:
    void note(const CasePatch& patch);
    /// A line for each field or list of `spec` that gave nothing in any of the records of its kinds, with its line in
    /// the mapping; `mapped_by_kind`: how many there were (PayloadReport). None where no record was of its kinds.
    std::vector<std::string> notes(const MappingSpec& spec, const std::vector<std::uint64_t>& mapped_by_kind) const;

private:
    std::vector<bool> fields_ = std::vector<bool>(caseFields().size());  ///< by FieldId
    std::set<std::string, std::less<>> extra_;
    std::set<Section> lists_;
};

}  // namespace caseway
