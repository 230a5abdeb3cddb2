// connectors/sdk/time_text.cpp - strptime and strftime around a fixed offset.
#include "connectors/sdk/time_text.hpp"

#include <charconv>
#include <ctime>

namespace caseway {
namespace {

/// Takes ".123456" behind the seconds out of `text`; gives its milliseconds.
std::int64_t takeFraction(std::string& text) {
    const std::size_t point = text.rfind('.');
    if (point == std::string::npos || point + 1 == text.size()) return 0;
    std::size_t end = point + 1;
    std::int64_t milliseconds = 0, weight = 100;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') {
        milliseconds += (text[end++] - '0') * weight;
        weight /= 10;
    }
    if (end == point + 1) return 0;
    text.erase(point, end - point);
    return milliseconds;
}

std::int64_t floorDivide(std::int64_t value, std::int64_t by) {
    return value / by - (value % by < 0 ? 1 : 0);
}

}  // namespace

std::optional<TimeText> TimeText::make(const std::string& form, const std::string& offset) {
    TimeText made;
    made.form_ = form;
    if (offset.size() != 6 || (offset[0] != '+' && offset[0] != '-') || offset[3] != ':') return std::nullopt;
    int hours = 0, minutes = 0;
    const auto read = [&](std::size_t at, int& value) {
        return std::from_chars(offset.data() + at, offset.data() + at + 2, value).ptr == offset.data() + at + 2;
    };
    if (!read(1, hours) || !read(4, minutes) || hours > 14 || minutes > 59) return std::nullopt;
    made.offset_seconds_ = (offset[0] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
    constexpr std::int64_t kSome = 1'700'000'000'000, kDay = 86'400'000;
    const auto again = made.parse(made.write(kSome));  // a form may round down to days, and no further
    if (!again || *again > kSome || *again <= kSome - kDay) return std::nullopt;
    return made;
}

std::optional<std::int64_t> TimeText::parse(const std::string& given) const {
    if (form_ == "epoch_s" || form_ == "epoch_ms") {
        std::int64_t number = 0;
        const auto [at, error] = std::from_chars(given.data(), given.data() + given.size(), number);
        constexpr std::int64_t kMost = 100'000'000'000'000;
        if (error != std::errc() || at != given.data() + given.size() || number < 0 || number > kMost)
            return std::nullopt;
        return form_ == "epoch_s" ? number * 1000 : number;
    }
    std::string text = given;
    const std::int64_t milliseconds = takeFraction(text);
    tm parts{};
    const char* end = strptime(text.c_str(), form_.c_str(), &parts);
    if (end == nullptr || *end != '\0') return std::nullopt;
    if (parts.tm_year < 1000 - 1900 || parts.tm_year > 9999 - 1900) return std::nullopt;  // written in four digits
    const std::int64_t offset = form_.find("%z") != std::string::npos ? parts.tm_gmtoff : offset_seconds_;
    return (static_cast<std::int64_t>(timegm(&parts)) - offset) * 1000 + milliseconds;
}

std::string TimeText::write(std::int64_t milliseconds) const {
    if (form_ == "epoch_ms") return std::to_string(milliseconds);
    const std::int64_t seconds = floorDivide(milliseconds, 1000);
    if (form_ == "epoch_s") return std::to_string(seconds);
    const time_t shifted = seconds + offset_seconds_;
    tm parts{};
    gmtime_r(&shifted, &parts);
    parts.tm_gmtoff = offset_seconds_;
    char text[256] = {};
    return std::string(text, strftime(text, sizeof text, form_.c_str(), &parts));
}

}  // namespace caseway
