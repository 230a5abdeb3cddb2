// tests/bench/record/record_bench.cpp - nanoseconds of the record stage without a store: a 20-field case first encoded,
// and read, joined with a patch and written again. Floor beside it: copying the state's bytes.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "gateway/record/patch_json.hpp"
#include "gateway/record/patch_state.hpp"
#include "gateway/record/resolve.hpp"
#include "gateway/record/state_codec.hpp"

using namespace caseway;

namespace {

constexpr std::string_view kFirst =
    R"({"accept":{"accept_result":"1","accept_time":"2026-05-02T10:00:00+08:00","promise_limit":15,
"promise_limit_unit":"1"},"applicant_id_no":"11010519491231002X","applicant_id_type":"111","applicant_name":"王小明",
"applicant_type":"1","apply_channel":"2","apply_time":"2026-05-01T10:00:00+08:00",
"case_kind":"2","case_title":"农村村民住宅建设申请",
"contact_mobile":"13800138000","data_version":1,"dept_code":"11440232000000001A","dept_name":"住房和城乡建设局",
"item_code":"11440232000000001A3000117001000","item_name":"建设工程规划许可","operation":"I","region_code":"440232000000",
"source_case_no":"2026-000123","status":"20"})";
constexpr std::string_view kSecond = R"({"apply_time":"2026-05-01T10:00:00+08:00","case_title":"农村村民住宅建设申请",
"operation":"U","result":{"finish_time":"2026-05-03T10:00:00+08:00","result_code":"00"},
"source_case_no":"2026-000123","status":"90"})";

template <class Work>
double nanoseconds(Work work) {
    constexpr int kRounds = 200000;
    double best = 1e18;
    for (int run = 0; run < 5; ++run) {
        const auto start = std::chrono::steady_clock::now();
        for (int i = 0; i < kRounds; ++i) work();
        const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
        best = std::min(best, took.count() / kRounds);
    }
    return best;
}

}  // namespace

int main() {
    CasePatch first, second;
    if (!patchFromJson(kFirst, first).ok() || !patchFromJson(kSecond, second).ok()) return 1;
    const StatingSystem system{"housing/permits", true};
    const Stamp early{.business_time = businessTime(first)->time};
    const Stamp late{.business_time = businessTime(second)->time, .record = 1};

    CaseState state, stated;
    std::string bytes, written, copy;
    std::vector<Statement> former;
    ResolvedCase before, after;
    const double encode = nanoseconds([&] {
        stateOf(first, system, early, state);
        bytes.clear();
        encodeState(state, bytes);
    });
    const double merge = nanoseconds([&] {
        if (!decodeState(bytes, state)) std::abort();
        stateOf(second, system, late, stated);
        join(state, stated, former);
        written.clear();
        encodeState(state, written);
    });
    const double compare = nanoseconds([&] {
        state.statements.swap(former);
        resolve(state, {"X-1", system.id}, before);
        state.statements.swap(former);
        resolve(state, {"X-1", system.id}, after);
        changedFields(before.record, after.record);
    });
    const double floor = nanoseconds([&] { copy.assign(bytes); });
    std::printf("state %zu bytes; copied %.0f ns\n", bytes.size(), floor);
    std::printf("first encode          %6.0f ns\n", encode);
    std::printf("read + join + write   %6.0f ns\n", merge);
    std::printf("compare two records   %6.0f ns\n", compare);
}
