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
#include "gateway/normalize/expression_budget.hpp"
#include "gateway/normalize/matcher.hpp"
#include "gateway/normalize/record_builder.hpp"

namespace caseway {

class JsonPass final : public JsonHandler, private RecordHost {
public:
    /// `whole`: the value that the events walk over, where the plan needs the whole document; nullptr while streaming.
    JsonPass(const Mapping::Plan& plan, const Limits& limits, RecordSink& sink, const JsonValue* whole);

    bool startObject() override;
    bool key(std::string_view name) override;
    bool keyAgain(std::string_view name, std::uint32_t& note) override;
    bool textAgain(std::string_view name, std::uint32_t& note, std::string_view value) override;
    bool endObject() override;
    bool startArray() override;
    bool endArray() override;
    bool text(std::string_view value) override;
    bool longText() override;
    bool number(std::string_view literal) override;
    bool boolean(bool value) override;
    bool null() override;

    /// Finds the records that only JSONPath can find, then walks over the whole document.
    Result<Done> runWhole();
    const RecordBuilder& builder() const { return builder_; }
    std::uint64_t found() const { return matcher_.found(); }

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
        std::size_t tree = kNoTree;  ///< whose subtree it looks at: kinds that find one node share the first one's
    };
    static constexpr std::size_t kNoTree = SIZE_MAX;
    /// An array that is a value: kept as a tree until its end, then written canonically.
    struct ArrayCapture {
        std::unique_ptr<Subtree> subtree;
        std::size_t level = 0;
    };

    std::size_t level() const override { return nesting_; }
    bool entersObject() const override { return enters_object_; }
    std::optional<std::string_view> entersValue() const override;
    void recordStarted(RecordState& record) override;
    bool recordEnded(RecordState& record) override;
    bool finish(RecordState& record);
    void openFound();
    bool closeFound(bool goes_on);
    void enterValue();
    bool leaveValue();
    [[gnu::always_inline]] bool takeKey(std::string_view name, std::uint32_t symbol);
    [[gnu::noinline]] bool keyForAll(std::string_view name);
    [[gnu::noinline]] bool textForAll(std::string_view value);
    [[gnu::noinline]] bool textForAllAgain(std::string_view name, std::uint32_t& note, std::string_view value);
    bool scalar(RawKind kind, std::string_view value);
    [[gnu::noinline]] bool scalarAs(std::uint32_t symbol, RawKind kind, std::string_view value);
    /// The symbol of the value that comes now in the innermost container.
    std::uint32_t nextSymbol() {
        Level& level = levels_.back();
        return level.array ? plan_.json_names.symbolOfIndex(level.index++) : key_symbol_;
    }
    bool mappingWrites(std::string_view name) const;
    void appendStep(std::uint32_t index);
    void openLevel(bool array);
    bool closeLevel();
    void openCaptures();
    void putObject(bool is_empty);
    void finishArray();
    void noteListItems();
    template <class Event>
    void forward(const Event& event) {
        if (watchers_ != 0) forwardToBuilders(event);
    }
    template <class Event>
    void forwardToBuilders(const Event& event);
    bool walk(const JsonValue& value);
    bool walkChildren(const JsonValue& value);
    void evaluate(RecordState& record, const JsonValue& node);
    void evaluateFields(RecordState& record, const std::vector<FieldPlan>& fields, std::uint32_t first_slot,
                        const JsonValue& node);
    void evaluateOne(RecordState& record, const Source& source, bool takes_all, std::uint32_t first_slot,
                     const JsonValue& node);
    void evaluateList(RecordState& record, std::uint16_t list, const JsonValue& node);
    bool select(int expression, const JsonValue& node, std::vector<const JsonValue*>& nodes);
    void feedScalar(JsonTreeBuilder& builder);
    std::unique_ptr<Subtree> newSubtree();

    const Mapping::Plan& plan_;
    const Limits& limits_;
    RecordBuilder builder_;
    Matcher matcher_;
    const JsonValue* whole_;
    bool records_nest_;  ///< pointers are needed inside records too
    std::vector<Level> levels_;
    std::string path_;
    std::string key_;
    std::uint32_t key_symbol_ = 0;
    bool says_unreadable_ = false;            ///< the value that comes is why a record could not be read whole
    RawKind scalar_kind_ = RawKind::Missing;  ///< of the scalar being read, should it be a record itself
    std::string_view scalar_text_;
    bool is_long_text_ = false;  ///< the scalar being read is one that was not kept
    const JsonValue* current_ = nullptr;
    std::vector<Extra> extras_;
    std::size_t extras_used_ = 0;
    std::size_t building_ = 0;  ///< of the extras: whose trees are being built
    std::vector<ArrayCapture> arrays_;
    std::unordered_map<const JsonValue*, std::vector<std::uint16_t>> found_;
    std::vector<std::size_t> found_open_;  ///< nesting at which found records are open
    std::size_t watchers_ = 0;  ///< trees that are being built, and records found beforehand: they want every event
    std::size_t nesting_ = 0;
    bool enters_object_ = false;       ///< the value that is being entered is an object
    bool is_without_members_ = false;  ///< an object was opened just now
    bool closes_array_ = false;        ///< the value that is being left is an array
    std::vector<const JsonValue*> nodes_;
    std::string value_;
    ExpressionBudget budget_;
    /// By expression: nodes of those that are the same for every record.
    std::unordered_map<int, std::vector<const JsonValue*>> remembered_;
    int failed_ = kNone;  ///< the expression that could not be evaluated on this record
};

}  // namespace caseway
