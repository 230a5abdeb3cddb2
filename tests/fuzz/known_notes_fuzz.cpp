// tests/fuzz/known_notes_fuzz.cpp - notes of known records from any bytes: nothing, or records that are written and
// read as they were. The code is put right, or nothing would get past it.
#include "gateway/base/bytes.hpp"
#include "gateway/base/check.hpp"
#include "gateway/formats/crypto/keyed_hash.hpp"
#include "gateway/normalize/known_notes.hpp"

using namespace caseway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = textOf({data, size});
    std::vector<KnownRecord> records;
    static_cast<void>(readKnownNotes(text, {}, records));
    std::string piece = "2";
    piece += textOf(ByteView(authenticationCode({}, text))).substr(0, 16);
    piece += text;
    records.clear();
    if (!readKnownNotes(piece, {}, records)) {
        CASEWAY_CHECK(records.empty());
        return 0;
    }
    KnownNotes notes;
    for (const KnownRecord& record : records) notes.add(record);
    std::vector<KnownRecord> again;
    CASEWAY_CHECK(readKnownNotes(notes.take({}), {}, again) && again == records);
    return 0;
}
