// gateway/pipeline/encoding_note.hpp - what is told of a payload whose declared encoding is not the one that its bytes
// have: the bytes decided, its records were read, and whoever sent it should correct the declaration.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/base/refusal.hpp"
#include "gateway/normalize/mapping.hpp"

namespace caseway {

inline constexpr std::string_view kEncodingDiffers = "encoding_differs";

struct EncodingNote {
    std::string declared;  ///< as the payload has it; masked where it is no name of an encoding
    std::string found;     ///< canonical name
};

/// Nothing where declared and found agree, or nothing was declared.
std::optional<EncodingNote> encodingNoteOf(const PayloadReport& report);

/// As an item of an answer's `notes`: the form of a refusal, which it is not. Empty where there is no note.
std::vector<Refusal> notesOf(const std::optional<EncodingNote>& note);

}  // namespace caseway
