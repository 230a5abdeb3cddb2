// connectors/sdk/record_columns.hpp - the records of a page by their members: two pages that are the same but for a
// member that differs with each answer (a time of access, the id of a request) have all other columns in common.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace caseway {

/// The values of each member, in the order of the records. Not for two threads at once.
class RecordColumns {
public:
    /// Of the record that is under way, whatever form it has.
    void add(std::string_view member, std::string_view value);
    void endRecord() { ++records_; }
    /// Of each member whose values are not all the same, kDigits hex digits: of its name, then of its values.
    /// Ascending. Members behind the first 64 are left out.
    std::string digests() const;

private:
    struct Column {
        std::string member;
        std::uint64_t first, values;
        bool is_varied;
    };
    std::vector<Column> columns_;
    std::uint64_t records_ = 0;
};

/// Whether most of these columns are the same, so that a second answer has to tell of the others.
bool mayBeSamePage(std::string_view columns, std::string_view kept);
/// Whether the page is the kept one: what differs from it differs in its second answer (`again`) too, the rest in none.
bool isSamePage(std::string_view columns, std::string_view again, std::string_view kept);

}  // namespace caseway
