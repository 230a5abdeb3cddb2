// connectors/sql/watermark_scale.hpp - watermarks as numbers, so that they can be compared and moved back: times in the
// usual forms, or whole numbers. Written again in the form in which they came.
#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

#include "connectors/sdk/time_text.hpp"

namespace caseway {

struct WatermarkScale {
    static constexpr std::array<const char*, 6> kForms = {"%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d",
                                                          "%Y/%m/%d %H:%M:%S", "%Y%m%d%H%M%S",      "%Y%m%d"};

    std::optional<TimeText> form{};  ///< nothing: whole numbers

    /// The scale on which `mark` stands; nothing where it stands on none. `is_number`: by the column's type.
    static std::optional<WatermarkScale> of(const std::string& mark, bool is_number) {
        if (is_number) return WatermarkScale{}.value(mark) ? std::optional(WatermarkScale{}) : std::nullopt;
        for (const char* form : kForms) {
            WatermarkScale scale{TimeText::make(form, "+00:00")};
            if (scale.form && scale.value(mark)) return scale;
        }
        return std::nullopt;
    }
    /// Milliseconds, or the number.
    std::optional<std::int64_t> value(const std::string& mark) const {
        if (form) return form->parse(mark);
        std::int64_t number = 0;
        const auto [at, error] = std::from_chars(mark.data(), mark.data() + mark.size(), number);
        if (error != std::errc() || at != mark.data() + mark.size()) return std::nullopt;
        return number;
    }
    std::int64_t overlap(std::int64_t given) const { return form ? given * 1000 : given; }
    std::string write(std::int64_t value) const { return form ? form->write(value) : std::to_string(value); }
};

}  // namespace caseway
