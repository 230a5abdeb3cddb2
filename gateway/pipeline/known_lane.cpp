// gateway/pipeline/known_lane.cpp - "rules secret last other …", digests in hex, numbers of leaves in
// decimal.
#include "gateway/pipeline/known_lane.hpp"

#include <fmt/format.h>

#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/crypto/keyed_hash.hpp"
#include "gateway/formats/merkle/hash.hpp"

namespace caseway {
namespace {

constexpr std::size_t kPiecesAtOnce = 16;
/// To be raised where a release of the same number maps or admits a record otherwise.
constexpr int kMeaning = 3;

struct Lane {
    std::string rules;
    std::optional<Sha256> secret;
    std::vector<LogIndex> messages;
};

Lane laneIn(const std::optional<std::string>& value) {
    Lane lane;
    if (!value) return lane;
    std::string_view rest = *value;
    for (int place = 0; !rest.empty(); ++place) {
        const std::string_view word = rest.substr(0, rest.find(' '));
        rest.remove_prefix(std::min(rest.size(), word.size() + 1));
        Sha256 secret;
        if (place == 0)
            lane.rules = word;
        else if (place == 1 && fromHex(word, secret.bytes))
            lane.secret = secret;
        else if (const auto number = decimalFrom(word))
            lane.messages.push_back(*number);
    }
    return lane;
}

std::string textOf(const Lane& lane) {
    std::string text = lane.rules;
    if (lane.secret) text += ' ' + toHex(*lane.secret);
    for (const LogIndex index : lane.messages) text += ' ' + std::to_string(index);
    return text;
}

}  // namespace

Sha256 rulesOf(const LogEntry& leaf, const Limits& limits, const RecorderConfig& config) {
    std::string text = fmt::format("{}\n{}\n{}\n{}\n{} {} {}\n{}\n{}\n{} {}\n", CASEWAY_VERSION, kMeaning,
                                   leaf.sender ? leaf.sender->text() : std::string(),
                                   leaf.mapping_version ? toHex(*leaf.mapping_version) : "", limits.depth,
                                   limits.record_bytes, limits.field_bytes, config.reserved_prefix,
                                   config.gateway_short, config.max_data_version, config.business_time_ahead.count());
    for (const std::string& name : config.required) text += name + '\n';
    return sha256(text);
}

KnownLane::KnownLane(StoreReader& reader, const PulledHead& head, const Sha256& rules, const Sha256& key)
    : reader_(reader),
      name_(fmt::format("known/{}/{}/{}", head.connector, head.page, head.part)),
      rules_(toHex(rules)) {
    Lane lane = laneIn(reader.meta(name_));
    kept_rules_ = std::move(lane.rules);
    is_secret_kept_ = lane.secret.has_value();
    secret_ = is_secret_kept_ ? *lane.secret : randomKey();
    messages_ = std::move(lane.messages);
    seal_ = authenticationCode(key, rules_ + toHex(secret_));
}

KnownRecords::NextPiece KnownLane::pieces() const {
    if (messages_.empty() || kept_rules_ != rules_) return {};
    return [&reader = reader_, index = messages_.front(), part = std::uint64_t{0}]() mutable {
        return reader.nextKnownPart(index, part);
    };
}

std::string KnownLane::valueWith(LogIndex index) const {
    Lane lane{rules_, secret_, {index}};
    lane.messages.insert(lane.messages.end(), messages_.begin(), messages_.end());
    return textOf(lane);
}

std::optional<std::string> KnownLane::valueAtFirst() const {
    if (is_secret_kept_) return std::nullopt;
    return textOf(Lane{kept_rules_.empty() ? rules_ : kept_rules_, secret_, messages_});
}

std::string KnownLane::valueWithout(LogIndex index) const {
    Lane lane{messages_.empty() ? rules_ : kept_rules_, secret_, messages_};
    // Where there were none the first place is one that has no notes any more.
    if (lane.messages.empty()) lane.messages.push_back(index);
    lane.messages.push_back(index);
    return textOf(lane);
}

bool hasToForget(StoreReader& reader, const std::string& lane) {
    return laneIn(reader.meta(lane)).messages.size() > 1;
}

void ForgetJob::apply(CommitContext& context) {
    Lane lane = laneIn(context.writer.meta(lane_));
    if (lane.messages.size() < 2) return;
    if (context.writer.removeKnownParts(lane.messages.back(), kPiecesAtOnce) == kPiecesAtOnce) return;
    lane.messages.pop_back();
    context.writer.putMeta(lane_, textOf(lane));
}

void ForgetJob::failed(const Fault& fault) {
    result_.set_value(notCommitted(fault));
}

void LaneJob::failed(const Fault& fault) {
    result_.set_value(notCommitted(fault));
}

}  // namespace caseway
