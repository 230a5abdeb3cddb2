// connectors/sdk/wire/masked_answers.hpp - the secrets that the other side was given, cut out of all that it says.
#pragma once

#include "gateway/formats/settings/secret_mask.hpp"
#include "gateway/ports/connector.hpp"

namespace caseway {

ConnectorFault maskedFault(const ConnectorFault& fault, const SecretMask& mask);
std::vector<CheckStep> maskedSteps(std::vector<CheckStep> steps, const SecretMask& mask);
std::vector<SourceObject> maskedObjects(std::vector<SourceObject> objects, const SecretMask& mask);
std::vector<WriteAnswer> maskedWritten(std::vector<WriteAnswer> answers, const SecretMask& mask);

/// Payloads are the department's, their names the other side's words.
class MaskedHeads final : public PageSink {
public:
    MaskedHeads(const SecretMask& mask, PageSink& sink) : mask_(mask), sink_(sink) {}
    void payload(const PayloadHead& head) override {
        PayloadHead shown{mask_.masked(head.name), mask_.masked(head.media_type), head.records, head.answer};
        if (shown.answer)  // it is kept; a signature over a secret of ours is worth less than that
            for (HttpField& field : shown.answer->fields) field.value = mask_.masked(field.value);
        sink_.payload(shown);
    }
    void bytes(std::string_view piece) override { sink_.bytes(piece); }

private:
    const SecretMask& mask_;
    PageSink& sink_;
};

}  // namespace caseway
