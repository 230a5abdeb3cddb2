// gateway/normalize/plan_compiler.hpp - from the values of a mapping.yaml to the plan that the engine runs.
#pragma once

#include <algorithm>
#include <memory>
#include <string_view>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/normalize/plan.hpp"

namespace caseway {

/// The rule of a mistake that the mapping's `namespaces` may explain.
inline constexpr std::string_view kUndeclaredPrefix = "a declared namespace prefix";

/// By file and line.
inline void sortMistakes(std::vector<MappingMistake>& mistakes) {
    std::stable_sort(mistakes.begin(), mistakes.end(), [](const MappingMistake& a, const MappingMistake& b) {
        return a.file != b.file ? a.file < b.file : a.line < b.line;
    });
}

/// All mistakes at once, ordered.
class PlanCompiler {
public:
    PlanCompiler(MappingSpec spec, const CompileOptions& options);
    ~PlanCompiler();
    Result<std::unique_ptr<Mapping::Plan>, std::vector<MappingMistake>> run();
    /// What else is wrong with a file that the loader found mistakes in: values, and where `expressions`, expressions.
    /// An expression that is not there was told by the loader.
    static std::vector<MappingMistake> mistakesOf(MappingSpec spec, bool expressions);

private:
    Result<std::unique_ptr<Mapping::Plan>, std::vector<MappingMistake>> simpler();
    std::vector<MappingMistake> tooManyPlaces();
    struct Work;
    std::unique_ptr<Work> work_;
};

}  // namespace caseway
