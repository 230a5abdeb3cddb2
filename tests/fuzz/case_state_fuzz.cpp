// tests/fuzz/case_state_fuzz.cpp - stored states and history texts as hostile bytes: refused, or exactly reversible,
// and then joining and resolving hold their laws.
#include <cstdint>

#include "gateway/base/check.hpp"
#include "gateway/record/case_view.hpp"
#include "gateway/record/patch_json.hpp"
#include "gateway/record/patch_state.hpp"
#include "gateway/record/resolve.hpp"
#include "gateway/record/state_codec.hpp"

using namespace caseway;

namespace {

void checkState(std::string_view bytes) {
    CaseState state, same;
    std::string again;
    if (decodeSoleRecord(bytes, state)) {
        encodeState(state, again);
        CASEWAY_CHECK(again == bytes && !decodeState(bytes, same));
    }
    if (!decodeState(bytes, state)) return;
    encodeState(state, again);
    CASEWAY_CHECK(again == bytes);
    CASEWAY_CHECK(decodeState(bytes, same));
    std::vector<Statement> former;
    const JoinEffect effect = join(state, same, former);
    CASEWAY_CHECK(!effect.values && !effect.stamps && !effect.overtaken);
    again.clear();
    encodeState(state, again);
    CASEWAY_CHECK(again == bytes);
    CaseRow row;
    row.id = 1;
    row.owner = *SystemId::parse("housing/permits");
    row.state = again;
    std::string json;
    appendViewJson(viewOf(same, row, CaseNumbers("CW-", "center"), Show::Masked), json);
}

void checkHistory(std::string_view json) {
    CasePatch patch;
    if (!patchFromJson(json, patch).ok()) return;
    CaseState state;
    stateOf(patch, {"housing/permits", true}, Stamp{}, state);
    state.owner_department = "1";
    std::string bytes, history;
    encodeState(state, bytes);
    checkState(bytes);
    appendHistoryJson(patch, history);
    CasePatch again;
    CASEWAY_CHECK(patchFromJson(history, again).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes = textOf({data, size});
    if (bytes.starts_with('{')) {
        checkHistory(bytes);
    } else {
        checkState(bytes);
        (void)aliasTarget(bytes);
    }
    return 0;
}
