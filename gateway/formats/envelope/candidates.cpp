// gateway/formats/envelope/candidates.cpp - see the header.
#include "gateway/formats/envelope/candidates.hpp"

#include <utility>

namespace caseway {

Result<Candidates> candidatesFor(const HeaderFields& fields, const std::optional<KeyId>& named, const KeyLookup& keys) {
    const auto sender = fields.sender();
    auto own = sender ? keys(*sender, named) : Result<std::vector<SigningKey>>(sender.error());
    if (own) return Candidates{std::move(*own), fields.refused()};
    Refusal wrong = fields.refused() ? *fields.refused() : std::move(own).error();
    auto owners = named ? keys(std::nullopt, named) : Result<std::vector<SigningKey>>(wrong);
    if (!owners) return wrong;
    return Candidates{std::move(*owners), std::move(wrong)};
}

}  // namespace caseway
