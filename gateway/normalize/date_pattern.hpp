// gateway/normalize/date_pattern.hpp - one written form of a time ("%Y-%m-%d %H:%M:%S") read into its parts. Strict:
// the whole text must match; nothing is rolled over. Which calendar and zone they mean: date_reader.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caseway {

struct DateParts {
    int year = 0, month = 1, day = 1;
    int hour = 0, minute = 0, second = 0;
    std::string_view fraction{};  ///< digits after the point, as written; a view into the text
    std::optional<int> offset{};  ///< minutes east of UTC, where the text bears one
    bool has_clock = false;       ///< no day alone
};

/// Marks: %Y four digits; %m %d %H %M %S two digits (one or two where no other number touches them); %f one to nine
/// digits of a fraction; %z an offset or Z; %F = %Y-%m-%d; %T = %H:%M:%S; %% a percent sign. A space stands for one or
/// more.
class DatePattern {
public:
    /// Nothing where the pattern has an unknown mark, one twice, or lacks a whole day, or has a gap (%S without %M).
    static std::optional<DatePattern> compile(std::string_view pattern);
    /// The same of a year, or a month of one, which leave the day to guessing: good for telling so, never for reading.
    static std::optional<DatePattern> compileWithoutDay(std::string_view pattern);
    static bool namesNoDay(std::string_view pattern) { return compileWithoutDay(pattern).has_value(); }
    /// False where `text` has another form. Ranges are not checked here.
    bool read(std::string_view text, DateParts& parts) const;

private:
    struct Step {
        char mark = 0;  ///< 'Y' … 'z'; 0: the literal
        char literal = 0;
        std::uint8_t least = 2;
        std::uint8_t most = 2;
    };
    static std::optional<DatePattern> compileMarks(std::string_view pattern, std::string& seen);
    bool readStep(const Step& step, std::string_view& rest, DateParts& parts) const;
    std::vector<Step> steps_;
};

}  // namespace caseway
