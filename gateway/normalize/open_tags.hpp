// gateway/normalize/open_tags.hpp - the start tags that are open around the records of an XML payload, names,
// namespaces and attributes; the same bytes mean the same only between the same tags.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/bytes.hpp"
#include "gateway/formats/xml/events.hpp"

namespace caseway {

class OpenTags {
public:
    /// The start tag of an element at this level, from 1; those above it that matter were told before.
    void open(const XmlStart& start, std::uint32_t level);
    /// The element at this level ends.
    void close(std::uint32_t level) {
        if (places_.empty() || places_.back().first != level) return;
        text_.resize(places_.back().second);
        places_.pop_back();
        has_key_ = false;
    }
    /// Of these bytes between the tags that are open; nobody who does not know the secret makes others of one digest.
    std::array<std::uint8_t, 16> digestOf(const Sha256& secret, std::string_view bytes);

private:
    std::string text_;
    std::vector<std::pair<std::uint32_t, std::size_t>> places_;  ///< level, where its tag begins
    bool has_key_ = false;
    Sha256 key_;  ///< of the secret and these tags
};

}  // namespace caseway
