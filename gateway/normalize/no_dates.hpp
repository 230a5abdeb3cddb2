// gateway/normalize/no_dates.hpp - what a mapping's `no_date` names: texts, and the days, months, years and times that
// some of them are, however a department writes those.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace caseway {

/// "1753-1-1" as "1753-01-01", "1900/1" as "1900-01", "9999" as itself; empty where the text is not a year, a month or
/// a day.
std::string paddedDate(std::string_view text);

class NoDates {
public:
    bool empty() const { return words_.empty(); }
    /// `time`: how the canonical times begin that `text` means, in the field's zone and without an offset; empty: it
    /// means the text alone.
    void add(std::string text, std::string time);
    /// The text itself; of a whole day a time may follow, even an impossible one.
    bool haveText(std::string_view text) const;
    bool haveTime(std::string_view time) const;

private:
    struct Word {
        std::string text;
        std::string time;
    };
    std::vector<Word> words_;
};

}  // namespace caseway
