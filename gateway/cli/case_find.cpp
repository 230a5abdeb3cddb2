// gateway/cli/case_find.cpp - look-ups by one number after the other; no case is read that is not near.
#include "gateway/cli/case_find.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <vector>

#include "gateway/adapters/files/register_folder.hpp"
#include "gateway/cli/command.hpp"
#include "gateway/cli/refusal_text.hpp"
#include "gateway/cli/usage_error.hpp"
#include "gateway/cli/user_language.hpp"
#include "gateway/formats/text/lower_case.hpp"
#include "gateway/normalize/check_digits.hpp"
#include "gateway/normalize/full_width.hpp"
#include "gateway/normalize/white_space.hpp"
#include "gateway/record/case_lookup.hpp"

namespace caseway {
namespace {

constexpr std::size_t kMostTold = 10;
constexpr std::size_t kNearOfOne = 3;  ///< of one system

/// As it was typed, then without white space around it, in half width, in capitals, in small letters.
std::vector<std::string> spellingsOf(const std::string& number) {
    TextArena arena;
    const std::string plain(trimmed(foldedToHalfWidth(number, arena)));
    std::string capitals = plain;
    upperCase(capitals);
    std::vector<std::string> spellings = {number};
    for (std::string& other : std::vector<std::string>{plain, capitals, lowerCase(plain)})
        if (!other.empty() && std::find(spellings.begin(), spellings.end(), other) == spellings.end())
            spellings.push_back(std::move(other));
    return spellings;
}

class Search {
public:
    Search(StoredInstallation& stored, const Settings& settings)
        : stored_(stored), known_(RegisterFolder(settings.path(settings.register_folder)).current()) {}

    /// All that one spelling of a number may mean.
    std::vector<CaseRow> of(const std::string& number) {
        if (auto row = caseOfNumber(stored_.reader(), stored_.numbers(), number)) return {*std::move(row)};
        if (number.empty()) return {};  // to the filter: any
        CaseFilter filter;
        filter.source_case_no = number;
        filter.include_deleted = true;
        filter.limit = kMostTold + 1;
        std::vector<CaseRow> rows = stored_.reader().cases(filter);
        std::erase_if(rows, isAlias);
        for (CaseRow& row : casesBehindAliases(stored_.reader(), *known_, filter)) rows.push_back(std::move(row));
        return rows;
    }

    /// Numbers of their systems that go on where this one ends.
    std::vector<std::string> longerThan(const std::string& number) {
        std::vector<std::string> near;
        for (const RegisteredSystem* system : known_->allSystems())
            for (const CaseKey& key : stored_.reader().caseKeys(system->id, {number, 0}, kNearOfOne))
                if (key.source_case_no.starts_with(number) && near.size() < kMostTold)
                    near.push_back(fmt::format("{} ({})", key.source_case_no, system->id.text()));
        return near;
    }

    std::string told(const CaseRow& row) const {
        return fmt::format("{} ({})", stored_.numbers().of(row), row.owner.text());
    }

private:
    StoredInstallation& stored_;
    std::shared_ptr<const KeyRing> known_;
};

std::string joinedOf(const std::vector<std::string>& words) {
    return fmt::format("{}", fmt::join(words, "; "));
}

/// Why no one case was found. Machines have it in English whatever people speak.
struct NoCase {
    const char* code;
    std::string number, rule, hint;
};
void tell(CommandContext& context, const NoCase& why, const std::string& chinese, const std::string& chinese_hint) {
    context.exit_code = kRefused;
    if (context.json) std::cout << jsonOf(Refusal{why.code, "CASE_NO", why.number, why.rule, why.hint, {}}) << "\n";
    const bool is_missing = std::string_view(why.code) == "not_found";
    tellMistake(is_missing ? "not_found: no case " + why.number
                           : fmt::format("{}: CASE_NO '{}': {}", why.code, why.number, why.rule),
                chinese, speaksChinese() ? chinese_hint : why.hint);
}

}  // namespace

std::optional<CaseRow> theCase(StoredInstallation& stored, const std::string& number, CommandContext& context,
                               const std::function<bool()>& otherwise) {
    Search search(stored, context.settings());
    std::vector<CaseRow> found = search.of(number);
    if (found.size() == 1) return std::move(found.front());
    if (found.size() > 1) {
        std::vector<std::string> cases;
        for (const CaseRow& row : found) cases.push_back(search.told(row));
        cases.resize(std::min(cases.size(), kMostTold));
        const std::string all = joinedOf(cases);
        tell(context,
             {"case_ambiguous", number, "one case; systems have this number for " + all,
              "name it by the first of the numbers"},
             "case_ambiguous：须指一个办件；各系统以编号 " + number + " 指 " + all, "请用括号前的办件编号");
        return std::nullopt;
    }
    if (otherwise && otherwise()) return std::nullopt;
    std::vector<std::string> near;
    for (const std::string& spelling : spellingsOf(number)) {
        for (const CaseRow& row : search.of(spelling)) near.push_back(search.told(row));
        for (std::string& longer : search.longerThan(spelling)) near.push_back(std::move(longer));
        if (!near.empty()) break;
    }
    near.resize(std::min(near.size(), kMostTold));
    const std::string all = joinedOf(near);
    tell(context,
         {"not_found", number, "a number of a case that is stored",
          near.empty()
              ? "`caseway case list` shows the numbers; --deleted those of deleted ones too; what was only refused "
                "became no case: `caseway case history NUMBER --refused`"
              : "did you mean " + all + "?"},
         "not_found：没有办件 " + number,
         near.empty() ? "编号见 caseway case list；已删除的加 --deleted；只被拒收过的不成办件："
                        "caseway case history 编号 --refused"
                      : "您是否要找 " + all + "？");
    return std::nullopt;
}

}  // namespace caseway
