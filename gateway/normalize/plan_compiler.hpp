// gateway/normalize/plan_compiler.hpp - from the values of a mapping.yaml to the plan that the engine runs.
#pragma once

#include <memory>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/normalize/plan.hpp"

namespace caseway {

/// All mistakes at once.
class PlanCompiler {
public:
    PlanCompiler(MappingSpec spec, const CompileOptions& options);
    ~PlanCompiler();
    Result<std::unique_ptr<Mapping::Plan>, std::vector<MappingMistake>> run();

private:
    Result<std::unique_ptr<Mapping::Plan>, std::vector<MappingMistake>> simpler();
    struct Work;
    std::unique_ptr<Work> work_;
};

}  // namespace caseway
