// tests/unit/record/exchange.hpp - a small town: five systems of three departments, and records that they send to one
// recorder.
#pragma once

#include <boost/test/unit_test.hpp>
#include <map>

#include "gateway/record/case_lookup.hpp"
#include "gateway/record/case_view.hpp"
#include "gateway/record/patch_json.hpp"
#include "gateway/record/recorder.hpp"
#include "memory_writer.hpp"

namespace caseway {

inline constexpr std::string_view kHousing = "11440232000000001A";
inline constexpr std::string_view kFire = "11440232000000002B";
inline constexpr std::string_view kCenter = "11440232000000003C";

inline RegisteredSystem registered(std::string_view id, std::string_view department_code,
                                   std::vector<std::string> on_behalf_of = {}) {
    RegisteredSystem system;
    system.id = *SystemId::parse(id);
    system.department_code = department_code;
    system.on_behalf_of = std::move(on_behalf_of);
    return system;
}

inline const RegisteredSystem& systemNamed(std::string_view id) {
    static const std::map<std::string, RegisteredSystem, std::less<>> systems = {
        {"housing/permits", registered("housing/permits", kHousing)},
        {"housing/archive", registered("housing/archive", kHousing)},
        {"fire/checks", registered("fire/checks", kFire)},
        {"center/window", registered("center/window", kCenter, {std::string(kHousing)})},
        {"center/desk", registered("center/desk", kCenter, {std::string(kHousing), std::string(kFire)})}};
    return systems.find(id)->second;
}

/// One record as it is sent. `message` numbers the messages; it makes message id and log index.
struct Sending {
    std::string from = "housing/permits";
    std::uint64_t message = 1;
    std::string sent_at = "2026-05-04T09:00:00+08:00";
    std::uint64_t record = 1;
    std::string patch;
    std::uint64_t line = 0;  ///< where its payload has it, if that is told
    std::string_view pointer{};
};

inline MessageId messageNumbered(std::uint64_t number) {
    std::array<std::uint8_t, 16> bytes{};
    for (int i = 15; i >= 8; --i, number >>= 8) bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(number);
    return MessageId::fromBytes(bytes);
}

struct Exchange {
    MemoryWriter store;
    Recorder recorder;
    std::uint64_t sent = 0;

    explicit Exchange(RecorderConfig config = {}) : recorder(std::move(config)) {}

    RecordResult send(const Sending& sending) {
        CasePatch patch;
        const auto read = patchFromJson(sending.patch, patch);
        BOOST_TEST_REQUIRE(read.ok(),
                           sending.patch << ": " << (read ? "" : read.error().where + ' ' + read.error().rule));
        patch.place = {sending.record, sending.line, sending.pointer};
        const Instant sent_at = parseRfc3339(sending.sent_at).value();
        const Instant received_at = sent_at + std::chrono::seconds(1);
        const RecordContext context{systemNamed(sending.from), messageNumbered(sending.message), sent_at, received_at,
                                    100 + sending.message};
        // What is judged before is what becomes of it, and judging writes nothing.
        const std::size_t writes = store.case_writes + store.patches.size() + store.feed.size();
        const Judgement judgement = recorder.judge(store, context, patch);
        BOOST_TEST(store.case_writes + store.patches.size() + store.feed.size() == writes);
        RecordResult result = applied(context, patch);
        BOOST_TEST(nameOf(judgement.outcome) == nameOf(result.outcome));
        BOOST_TEST(judgement.changed == result.changed, boost::test_tools::per_element());
        BOOST_TEST((judgement.refusal == result.refusal));
        return result;
    }

    /// Every other record whole, the others as a large message keeps them: by their claims and their text.
    RecordResult applied(const RecordContext& context, const CasePatch& patch) {
        if (++sent % 2 == 1) return recorder.apply(store, context, patch);
        PatchText text;
        RecordClaims claims;
        textOf(patch, text);
        recorder.claimsOf(context, patch, claims);
        return recorder.apply(store, context, claims, text);
    }

    CaseRow rowOf(std::string_view case_no) {
        auto row = caseOfNumber(store, recorder.numbers(), case_no);
        BOOST_TEST_REQUIRE(row.has_value(), "no case " << case_no);
        return *row;
    }
    std::string recordOf(std::string_view case_no) {
        return recordJsonOf(store, rowOf(case_no), recorder.numbers(), Show::Unmasked);
    }
};

}  // namespace caseway
