// gateway/normalize/json_pass.hpp - JSON events through the matcher; record subtrees and JSONPath where a mapping needs
// them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "gateway/formats/json/document.hpp"
#include "gateway/formats/json/reader.hpp"
#include "gateway/normalize/matcher.hpp"
#include "gateway/normalize/record_builder.hpp"

namespace caseway {

class JsonPass final : public JsonHandler, private RecordHost {
public:
    /// `whole`: the value that the events walk over, where the plan needs the whole document; nullptr while streaming.
    JsonPass(const Mapping::Plan& plan, const Limits& limits, RecordSink& sink, const JsonValue* whole);

    bool startObject() override;
    bool key(std::string_view name) override;
    bool endObject() override;
    bool startArray() override;
    bool endArray() override;
    bool text(std::string_view value) override;
    bool number(std::string_view literal) override;
    bool boolean(bool value) override;
    bool null() override;

    /// Finds the records that only JSONPath can find, then walks over the whole document.
    Result<Done> runWhole();
    const RecordBuilder& builder() const { return builder_; }

private:
    struct Level {
        bool array = false;
        std::uint32_t index = 0;
        std::uint32_t path_bytes = 0;  ///< of the parent's pointer
    };
    struct Subtree {
        JsonTree tree;
        std::unique_ptr<JsonTreeBuilder> builder;
    };
    struct Extra {
        std::unique_ptr<Subtree> subtree;
        const JsonValue* node = nullptr;
        bool builds = false;
    };
    /// An array that is a value: kept as a tree until its end, then written canonically.
    struct ArrayCapture {
        std::unique_ptr<Subtree> subtree;
        std::size_t level = 0;
    };

    void recordStarted(RecordState& record) override;
    bool recordEnded(RecordState& record) override;
    void enterValue(std::size_t bytes);
    bool leaveValue();
    bool scalar(RawKind kind, std::string_view value);
    void openLevel(bool array);
    bool closeLevel();
    void putContainer(bool array);
    void finishArray();
    template <class Event>
    void forward(const Event& event);
    bool walk(const JsonValue& value);
    bool walkChildren(const JsonValue& value);
    void evaluate(RecordState& record, const JsonValue& node);
    void evaluateFields(RecordState& record, const std::vector<FieldPlan>& fields, std::uint32_t first_slot,
                        const JsonValue& node);
    void evaluateOne(RecordState& record, const Source& source, bool takes_all, std::uint32_t first_slot,
                     const JsonValue& node);
    void evaluateList(RecordState& record, std::uint16_t list, const JsonValue& node);
    bool select(int expression, const JsonValue& node, std::vector<const JsonValue*>& nodes);
    std::unique_ptr<Subtree> newSubtree();

    const Mapping::Plan& plan_;
    const Limits& limits_;
    RecordBuilder builder_;
    Matcher matcher_;
    const JsonValue* whole_;
    std::vector<Level> levels_;
    std::string path_;
    std::string key_;
    std::uint32_t key_symbol_ = 0;
    const JsonValue* current_ = nullptr;
    std::vector<Extra> extras_;
    std::size_t extras_used_ = 0;
    std::size_t building_ = 0;
    std::vector<ArrayCapture> arrays_;
    std::unordered_map<const JsonValue*, std::vector<std::uint16_t>> found_;
    std::vector<std::size_t> found_open_;  ///< nesting at which found records are open
    std::size_t nesting_ = 0;
    std::vector<const JsonValue*> nodes_;
    std::string value_;
    bool evaluation_failed_ = false;
};

}  // namespace caseway
