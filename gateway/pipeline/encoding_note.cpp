// gateway/pipeline/encoding_note.cpp - a report's two encodings as a note.
#include "gateway/pipeline/encoding_note.hpp"

#include "gateway/base/mask.hpp"
#include "gateway/formats/text/encoding.hpp"

namespace caseway {

std::optional<EncodingNote> encodingNoteOf(const PayloadReport& report) {
    if (!report.encoding_differs) return std::nullopt;
    const bool is_name = !canonicalEncoding(report.declared_encoding).empty();
    return EncodingNote{is_name ? report.declared_encoding : masked(report.declared_encoding), report.encoding};
}

std::vector<Refusal> notesOf(const std::optional<EncodingNote>& note) {
    if (!note) return {};
    return {{std::string(kEncodingDiffers),
             "payload",
             "declared " + note->declared + ", found " + note->found,
             "the bytes decided: the records were read as " + note->found,
             "declare " + note->found + ", in the XML declaration or as charset of the media type",
             {}}};
}

}  // namespace caseway
