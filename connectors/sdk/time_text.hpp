// connectors/sdk/time_text.hpp - the times that a source writes, as milliseconds and back: a form of strftime, or
// epoch_s, epoch_ms. For watermarks, which must be compared and moved back a little; records keep their own text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace caseway {

class TimeText {
public:
    /// `form`: strftime's letters; `offset`: "+08:00", where the form has no zone of its own. Nothing where it is none.
    static std::optional<TimeText> make(const std::string& form, const std::string& offset);

    /// Milliseconds since 1970 UTC; a fraction of the second, which no form names, is understood. Nothing where it
    /// does not fit.
    std::optional<std::int64_t> parse(const std::string& text) const;
    /// Whole seconds, rounded down, so that nothing is skipped.
    std::string write(std::int64_t milliseconds) const;

private:
    std::string form_;
    std::int64_t offset_seconds_ = 0;
};

}  // namespace caseway
