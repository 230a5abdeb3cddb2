// gateway/pipeline/stated_values.cpp - two hashes of a record, and where they are kept.
#include "gateway/pipeline/stated_values.hpp"

#include <functional>
#include <string>
#include <string_view>

#include "gateway/formats/crypto/digest.hpp"
#include "gateway/record/admission.hpp"
#include "gateway/record/patch_state.hpp"
#include "gateway/record/record_fields.hpp"

namespace caseway {
namespace {

std::uint64_t mixed(std::uint64_t hash, std::uint64_t more) {
    hash = (hash ^ more) * 0x9E3779B97F4A7C15ULL;
    return hash ^ (hash >> 29);
}

std::uint64_t mixed(std::uint64_t hash, std::string_view more) {
    return mixed(hash, std::hash<std::string_view>()(more));
}

Sha256 keyOf(const Sha256& key, char kind, const StatedValues::Said& said, std::uint64_t values) {
    std::string text(reinterpret_cast<const char*>(key.bytes.data()), key.bytes.size());
    text += kind;
    text += std::to_string(said.fields) + ' ' + std::to_string(said.order) + ' ' + std::to_string(values);
    return sha256(text);
}

}  // namespace

StatedValues::Said StatedValues::of(const CasePatch& patch, Instant sent_at) {
    Said said;
    for (const FieldValue& field : patch.fields) {
        said.fields = mixed(said.fields, static_cast<std::uint64_t>(field.field));
        said.values = mixed(mixed(said.values, static_cast<std::uint64_t>(field.kind)), field.text);
    }
    for (const ExtraValue& extra : patch.extra) {
        said.fields = mixed(said.fields, extra.name);
        said.values = mixed(mixed(said.values, static_cast<std::uint64_t>(extra.kind)), extra.text);
    }
    said.fields = mixed(said.fields, statedText(patch, recordFields().operation));
    const auto happened = businessTime(patch);
    said.order = mixed(said.order, statedText(patch, recordFields().data_version));
    said.order =
        mixed(said.order, happened ? static_cast<std::uint64_t>(happened->time.time_since_epoch().count()) : 0);
    said.order = mixed(said.order, static_cast<std::uint64_t>(sent_at.time_since_epoch().count()));
    return said;
}

std::uint32_t StatedValues::shapeOf(const Said& said) const {
    const auto found = shapes_.find(said.fields);
    return found == shapes_.end() ? 0 : found->second;
}

StatedValues::Kept StatedValues::keptOf(const Said& said, std::uint32_t shape) {
    return {static_cast<std::uint32_t>(said.values << kShapeBits) | shape, static_cast<std::uint32_t>(said.order)};
}

void StatedValues::keep(CaseId id, const Said& said) {
    std::uint32_t shape = shapeOf(said);
    if (shape == 0 && shapes_.size() < kShapes) {
        shape = static_cast<std::uint32_t>(shapes_.size() + 1);
        shapes_.emplace(said.fields, shape);
    }
    const auto at = static_cast<std::size_t>(id);
    if (at >= kept_.size()) kept_.resize(at + 1 + at / 8);
    if (kept_[at].values == 0 && shape != 0) kept_[at] = keptOf(said, shape);
}

bool StatedValues::contradicts(CaseId id, const Said& said) const {
    const auto at = static_cast<std::size_t>(id);
    const std::uint32_t shape = shapeOf(said);
    const Kept kept = at < kept_.size() ? kept_[at] : Kept{}, now = keptOf(said, shape);
    return shape != 0 && kept.values % (1U << kShapeBits) == shape && kept.order == now.order &&
           kept.values != now.values;
}

Sha256 StatedValues::keyOfNumbers(const CasePatch& patch) {
    std::string both(statedText(patch, recordFields().case_no));
    both += '\0';
    both += statedText(patch, recordFields().source_case_no);
    return sha256(both);
}

void StatedValues::keep(const Sha256& key, const Said& said, KeySet& keys) {
    if (keys.insert(keyOf(key, 'f', said, 0))) keys.insert(keyOf(key, 'v', said, said.values));
}

bool StatedValues::contradicts(const Sha256& key, const Said& said, KeySet& keys) {
    return keys.contains(keyOf(key, 'f', said, 0)) && !keys.contains(keyOf(key, 'v', said, said.values));
}

}  // namespace caseway
