// gateway/formats/json/number_scan.hpp - where a JSON number ends. The SAX parser's own reading of numbers refuses what
// a double cannot hold; here a number is what RFC 8259 §6 says, however long or large. Private to this folder.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace caseway {

/// Follows a number character by character.
class NumberScan {
public:
    enum class End : std::uint8_t { Number, NoDigits, NoFraction, NoExponent };

    /// False: `c` is not part of the number, which ended before it.
    bool take(char c) {
        const State next = kNext[state_][kindOf(c)];
        if (next == kStop) return false;
        state_ = next;
        return true;
    }
    /// What was read so far.
    End end() const {
        switch (state_) {
            case kZero:
            case kWhole:
            case kFraction:
            case kPower:
                return End::Number;
            case kPoint:
                return End::NoFraction;
            case kExponent:
            case kSign:
                return End::NoExponent;
            default:
                return End::NoDigits;
        }
    }
    /// Bytes of `text` that belong to the number; all of them where it may go on behind.
    std::size_t run(std::string_view text) {
        std::size_t at = 0;
        while (at < text.size() && take(text[at])) ++at;
        return at;
    }

private:
    enum State : std::uint8_t { kStart, kMinus, kZero, kWhole, kPoint, kFraction, kExponent, kSign, kPower, kStop };
    enum Kind : std::uint8_t { kNull, kDigit, kDash, kPlus, kDot, kLetterE, kOther };

    static Kind kindOf(char c) {
        if (c > '0' && c <= '9') return kDigit;
        switch (c) {
            case '0':
                return kNull;
            case '-':
                return kDash;
            case '+':
                return kPlus;
            case '.':
                return kDot;
            case 'e':
            case 'E':
                return kLetterE;
            default:
                return kOther;
        }
    }

    static constexpr std::array<std::array<State, 7>, 9> kNext = {{
        // 0          1-9        -       +      .       e          other
        {kZero, kWhole, kMinus, kStop, kStop, kStop, kStop},            // start
        {kZero, kWhole, kStop, kStop, kStop, kStop, kStop},             // minus
        {kStop, kStop, kStop, kStop, kPoint, kExponent, kStop},         // 0
        {kWhole, kWhole, kStop, kStop, kPoint, kExponent, kStop},       // 12
        {kFraction, kFraction, kStop, kStop, kStop, kStop, kStop},      // 12.
        {kFraction, kFraction, kStop, kStop, kStop, kExponent, kStop},  // 12.5
        {kPower, kPower, kSign, kSign, kStop, kStop, kStop},            // 12e
        {kPower, kPower, kStop, kStop, kStop, kStop, kStop},            // 12e+
        {kPower, kPower, kStop, kStop, kStop, kStop, kStop},            // 12e+3
    }};
    State state_ = kStart;
};

}  // namespace caseway
