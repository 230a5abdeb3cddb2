// gateway/normalize/canonical_time.cpp - digits at their fixed places.
#include "gateway/normalize/canonical_time.hpp"

namespace caseway {
namespace {

void put(CanonicalTime& out, int value, int width) {
    for (int i = width; i-- > 0; value /= 10)
        out.bytes[out.size + static_cast<std::size_t>(i)] = static_cast<char>('0' + value % 10);
    out.size += static_cast<std::size_t>(width);
}
void put(CanonicalTime& out, char c) {
    out.bytes[out.size++] = c;
}

}  // namespace

void putDate(CanonicalTime& out, const DateParts& parts) {
    put(out, parts.year, 4);
    put(out, '-');
    put(out, parts.month, 2);
    put(out, '-');
    put(out, parts.day, 2);
}

void putClock(CanonicalTime& out, const DateParts& parts) {
    put(out, 'T');
    put(out, parts.hour, 2);
    put(out, ':');
    put(out, parts.minute, 2);
    put(out, ':');
    put(out, parts.second, 2);
    std::string_view fraction = parts.fraction;
    while (fraction.ends_with('0')) fraction.remove_suffix(1);
    if (!fraction.empty()) put(out, '.');
    for (const char digit : fraction) put(out, digit);
}

void putOffset(CanonicalTime& out, int offset) {
    put(out, offset < 0 ? '-' : '+');
    put(out, (offset < 0 ? -offset : offset) / 60, 2);
    put(out, ':');
    put(out, (offset < 0 ? -offset : offset) % 60, 2);
}

}  // namespace caseway
