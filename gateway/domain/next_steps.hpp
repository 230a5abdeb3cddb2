// gateway/domain/next_steps.hpp - the commands that stand in a next step: who words one mostly knows neither the
// connector's name nor the run's number, and whoever reads it copies what stands there. `caseway sync run --full` as it
// stands would read every department from its beginning.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/domain/run.hpp"

namespace caseway {

/// The step with the connector in each command that takes one, and the run's number in each that takes that, unless
/// they are there; in place of `NAME`, `CONNECTOR`, `RUN`, 连接器 where these stand. An empty name, and number 0, say
/// that there is none: the command stays as it is.
std::string namedStep(std::string_view step, std::string_view connector, RunNo number);
/// That of the trouble, where there is one.
void nameStepOf(Run& run);
/// As they can be typed, without the words behind them: `caseway sync run a/b/c --full`, `caseway sync show 12`.
std::vector<std::string> commandsIn(std::string_view step);
/// The connector that its first command with one names; empty where none does.
std::string connectorIn(std::string_view step);
/// `step · caseway sync retry 12; …`: with those commands of the other one that it has not.
std::string withCommandsOf(std::string step, std::string_view other);

}  // namespace caseway
