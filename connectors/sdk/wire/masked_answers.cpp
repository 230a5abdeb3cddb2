// connectors/sdk/wire/masked_answers.cpp - text by text.
#include "connectors/sdk/wire/masked_answers.hpp"

namespace caseway {

ConnectorFault maskedFault(const ConnectorFault& fault, const SecretMask& mask) {
    ConnectorFault::Parts parts = fault.parts();
    for (std::string* const text : {&parts.code, &parts.where, &parts.message, &parts.next_step})
        *text = mask.masked(*text);
    return {fault.kind(), std::move(parts)};
}

std::vector<CheckStep> maskedSteps(std::vector<CheckStep> steps, const SecretMask& mask) {
    for (CheckStep& step : steps)
        for (std::string* const text : {&step.name, &step.detail, &step.next_step}) *text = mask.masked(*text);
    return steps;
}

std::vector<SourceObject> maskedObjects(std::vector<SourceObject> objects, const SecretMask& mask) {
    for (SourceObject& object : objects) {
        for (std::string* const text : {&object.name, &object.media_type}) *text = mask.masked(*text);
        for (std::string& field : object.fields) field = mask.masked(field);
    }
    return objects;
}

std::vector<WriteAnswer> maskedWritten(std::vector<WriteAnswer> answers, const SecretMask& mask) {
    for (WriteAnswer& answer : answers) answer.reason = mask.masked(answer.reason);
    return answers;
}

}  // namespace caseway
