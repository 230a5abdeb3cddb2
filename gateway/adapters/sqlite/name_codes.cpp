// gateway/adapters/sqlite/name_codes.cpp - the frozen numbering of the names, and one pass in each direction.
#include "gateway/adapters/sqlite/name_codes.hpp"

#include <cstring>
#include <unordered_map>

#include "gateway/base/byte_blocks.hpp"

namespace caseway {
namespace {

constexpr char kBetween = 1;  ///< `","name":"`
constexpr char kName = 2;     ///< `"name":`

/// A name's number is its place here. Only appended to: databases hold the numbers. A name that is missing costs bytes
/// and nothing else.
constexpr auto kNames = std::to_array<std::string_view>({
    // clang-format off
    "$cleared", "extra", "accept", "steps", "corrections", "suspensions", "result", "deliveries", "materials",
    "fees", "case_no", "source_system", "source_case_no", "data_version", "operation", "item_code",
    "item_base_code", "item_handle_code", "item_name", "item_type", "item_version", "case_title", "case_kind",
    "applicant_type", "applicant_name", "applicant_id_type", "applicant_id_no", "legal_rep_name", "contact_name",
    "contact_id_type", "contact_id_no", "contact_mobile", "post_code", "address", "apply_channel", "apply_time",
    "region_code", "dept_code", "dept_name", "dept_org_code", "window_no", "queue_no", "status", "project_code",
    "joint_no", "joint_role", "stage_no", "parent_case_no", "pre_review_time", "pre_review_result", "receive_time",
    "accept_time", "accept_result", "reject_reason", "accept_doc_no", "accept_user", "accept_user_no",
    "statutory_limit", "statutory_limit_unit", "promise_limit", "promise_limit_unit", "promise_due_time",
    "statutory_due_time", "promise_due_time_reported", "statutory_due_time_reported", "seq", "step_name",
    "step_type", "action", "step_state", "handler_name", "handler_no", "handler_post", "opinion", "start_time",
    "end_time", "unit_code", "unit_name", "step_limit", "step_limit_unit", "notify_time", "notify_user", "reason",
    "material_list", "due_days", "stage", "supplied_time", "supplied_user", "outcome", "kind", "kind_class",
    "approver", "limit", "limit_unit", "planned_end_time", "fee", "finish_time", "result_code", "result_desc",
    "cert_name", "cert_no", "cert_valid_from", "cert_valid_to", "issuer_code", "issuer_name", "is_fee",
    "fee_basis", "open_flag", "taker_name", "taker_id_type", "taker_id_no", "way", "time", "express_no", "name",
    "get_way", "copies", "get_time", "file_name", "size_bytes", "sm3", "ref", "pay_no", "amount", "payer",
    // clang-format on
});
static_assert(kNames.size() < 255);

/// Both forms of each name, and the number of a name.
struct Forms {
    std::array<std::string, kNames.size()> between;  ///< its end from the third byte on is the other form and a quote
    std::unordered_map<std::string_view, std::uint8_t> numbers;

    Forms() {
        for (std::size_t i = 0; i < kNames.size(); ++i) {
            between[i] = "\",\"" + std::string(kNames[i]) + "\":\"";
            numbers.emplace(kNames[i], static_cast<std::uint8_t>(i));
        }
    }
    std::string_view name(std::size_t number) const {
        const std::string& whole = between[number];
        return {whole.data() + 2, whole.size() - 3};
    }
};

const Forms& forms() {
    static const Forms kForms;
    return kForms;
}

bool isAt(const char* at, const char* end, std::string_view text) {
    return static_cast<std::size_t>(end - at) >= text.size() && std::memcmp(at, text.data(), text.size()) == 0;
}

/// The names of one text, one after the other.
class NamesInText {
public:
    explicit NamesInText(std::array<std::uint8_t, 256>& next) : next_(next) {}

    /// How many bytes of the text from `quote` on are a name; its two bytes are in `out` then. 0: none begins there.
    std::size_t codeAt(const char* quote, const char* end, char* out) {
        const bool is_between = end - quote > 3 && quote[1] == ',' && quote[2] == '"';
        const char* const begin = quote + (is_between ? 2 : 0);
        std::uint8_t number = next_[last_];
        if (number == NameCodes::kNone || !isAt(begin, end, all_.name(number))) {
            number = look(begin, end);
            if (number == NameCodes::kNone) return 0;
            next_[last_] = number;
        }
        const std::size_t size = all_.name(number).size();
        const bool is_text = is_between && begin + size < end && begin[size] == '"';
        if (is_between && !is_text) return 0;  // the quote by itself first
        out[0] = is_text ? kBetween : kName;
        out[1] = static_cast<char>(number);
        last_ = number;
        return size + (is_text ? 3 : 0);
    }

private:
    std::uint8_t look(const char* begin, const char* end) const {
        const auto* const close =
            static_cast<const char*>(std::memchr(begin + 1, '"', static_cast<std::size_t>(end - begin - 1)));
        if (close == nullptr || end - close < 2 || close[1] != ':') return NameCodes::kNone;
        const auto found = all_.numbers.find({begin + 1, static_cast<std::size_t>(close - begin - 1)});
        return found == all_.numbers.end() ? NameCodes::kNone : found->second;
    }

    const Forms& all_ = forms();
    std::array<std::uint8_t, 256>& next_;
    std::uint8_t last_ = NameCodes::kNone;
};

}  // namespace

std::size_t NameCodes::pack(std::string_view text, char* out) {
    const char* at = text.data();
    const char* const end = at + text.size();
    char* to = out;
    ByteBlock control{};
    NamesInText names(next_);
    while (at < end) {
        std::size_t run = 0;
        const auto left = static_cast<std::size_t>(end - at);
        if (left >= sizeof(ByteBlock)) {
            const ByteBlock block = loadBlock(at);
            control |= block < 0x20;
            std::memcpy(to, &block, sizeof block);
            run = firstByte(block == static_cast<unsigned char>('"'));
        } else {
            for (; run < left && at[run] != '"'; ++run) {
                if (static_cast<unsigned char>(at[run]) < 0x20) return 0;
                to[run] = at[run];
            }
        }
        at += run;
        to += run;
        if (at == end || *at != '"') continue;
        if (const std::size_t size = names.codeAt(at, end, to); size != 0) {
            at += size;
            to += 2;
        } else {
            *to++ = *at++;
        }
    }
    return anyByte(control) ? 0 : static_cast<std::size_t>(to - out);
}

bool NameCodes::unpack(std::string_view packed, std::string& out) {
    const Forms& all = forms();
    std::size_t run = 0;
    for (std::size_t at = 0; at < packed.size(); ++at) {
        if (packed[at] != kBetween && packed[at] != kName) continue;
        out.append(packed, run, at - run);
        const bool is_between = packed[at] == kBetween;
        if (++at == packed.size()) return false;
        const auto number = static_cast<std::uint8_t>(packed[at]);
        if (number >= kNames.size()) return false;
        out += is_between ? std::string_view(all.between[number]) : all.name(number);
        run = at + 1;
    }
    out.append(packed, run);
    return true;
}

}  // namespace caseway
