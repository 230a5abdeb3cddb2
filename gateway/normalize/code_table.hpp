// gateway/normalize/code_table.hpp - a department's codes and what each means in the record. Every source has its own:
// "1" is "returned" in one province and "not permitted" in another.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caseway {

class CodeTable {
public:
    CodeTable() = default;
    /// `other`: what an unknown code becomes; nullptr: unknown codes are unknown.
    CodeTable(std::vector<std::pair<std::string, std::string>> codes, const std::string* other);

    bool empty() const { return codes_.empty(); }
    std::size_t count() const { return codes_.size(); }
    /// Whether `code` stands in it, whatever the others become.
    bool knows(std::string_view code) const { return entryOf(code) != nullptr; }
    /// The record's value of `code`; nullptr where unknown and there is no other. "" means: says nothing.
    const std::string* find(std::string_view code) const;
    /// "known codes: 0, 1, A": for a hint; at most twenty of them.
    std::string describe() const;
    /// The known code that `code` was likely meant to be: the same but for case or leading zeros, or a typing mistake
    /// away. Empty where none is near.
    std::string_view nearest(std::string_view code) const;

private:
    const std::string* entryOf(std::string_view code) const;

    std::vector<std::pair<std::string, std::string>> codes_;  ///< sorted
    std::string other_;
    bool has_other_ = false;
};

}  // namespace caseway
