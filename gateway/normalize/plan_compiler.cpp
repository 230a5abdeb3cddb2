// gateway/normalize/plan_compiler.cpp - each kind, field, list and condition becomes slots, rules, paths of the
// automaton and, where a path is not simple, expressions for the evaluators.
#include "gateway/normalize/plan_compiler.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "gateway/normalize/expression.hpp"

namespace caseway {

struct PlanCompiler::Work {
    CompileOptions options;
    std::unique_ptr<Mapping::Plan> plan = std::make_unique<Mapping::Plan>();
    std::vector<MappingMistake> mistakes;

    /// Where the expressions of the part being compiled start.
    struct Context {
        std::string where;
        std::uint16_t kind = 0;
        std::int16_t list = -1;
        bool streams = true;       ///< the automaton finds the context
        Automaton::Node node = 0;  ///< of it
        std::uint16_t levels = 0;  ///< from the record to it
        std::size_t least_depth = 0;
        std::uint16_t* slots = nullptr;
    };

    void mistake(int line, const std::string& where, const std::string& rule, const std::string& hint) {
        mistakes.push_back({plan->spec.file, line, where, rule, hint});
    }

    std::optional<Expression> read(const Context& context, const std::string& text, const std::string& where,
                                   int line) {
        auto expression = readExpression(plan->spec.format, text, plan->spec.namespaces, context.least_depth);
        if (!expression) {
            mistake(line, where, expression.error().rule, expression.error().hint);
            return std::nullopt;
        }
        const auto positioned = [](const PathStep& step) { return step.position != 0; };
        const bool counts = expression->simple &&
                            std::any_of(expression->simple->steps.begin(), expression->simple->steps.end(), positioned);
        if (options.evaluate_all || (options.evaluate_positions && counts)) demote(*expression);
        return std::move(*expression);
    }

    static void demote(Expression& expression) {
        expression.simple.reset();
        if (expression.evaluation == Evaluation::Streaming) expression.evaluation = Evaluation::RecordSubtree;
    }

    void report(const std::string& where, const std::string& text, Evaluation evaluation, int line) {
        plan->reports.push_back({where, text, evaluation, line});
        plan->whole_document = plan->whole_document || evaluation == Evaluation::WholeDocument;
    }

    int addEvaluated(Expression&& expression) {
        plan->expressions.push_back({std::move(expression.text), std::move(expression.json), expression.on_document});
        return static_cast<int>(plan->expressions.size()) - 1;
    }

    Automaton::Node followAll(Automaton::Node from, const SimplePath& path) {
        for (const PathStep& step : path.steps) from = plan->automaton.follow(from, step);
        return from;
    }

    /// Gives the expression a slot, and either a path of the automaton or a number among the evaluated ones.
    Source place(const Context& context, Expression&& expression, const std::string& where, int line, bool takes_all) {
        Source source;
        source.slot = (*context.slots)++;
        const bool streams = context.streams && expression.simple.has_value();
        const auto evaluation = streams || expression.evaluation != Evaluation::Streaming ? expression.evaluation
                                                                                          : Evaluation::RecordSubtree;
        report(where, expression.text, evaluation, line);
        if (!streams) {
            source.expression = addEvaluated(std::move(expression));
            return source;
        }
        const SimplePath& path = *expression.simple;
        Action action;
        action.takes_all = takes_all;
        action.record_kind = context.kind;
        action.list = context.list;
        action.slot = source.slot;
        action.depth = static_cast<std::uint16_t>(context.levels + path.steps.size());
        if (path.leaf == SimplePath::Leaf::Text) action.kind = Action::Kind::CaptureText;
        if (path.leaf == SimplePath::Leaf::Attribute) {
            action.kind = Action::Kind::CaptureAttribute;
            action.attribute = plan->automaton.symbols.ofName(path.leaf_uri, path.leaf_name);
        }
        plan->automaton.act(followAll(context.node, path), action);
        return source;
    }

    std::optional<ConditionPlan> condition(const Context& context, const std::optional<ConditionSpec>& spec) {
        if (!spec) return std::nullopt;
        const std::string where = context.where + ".when";
        auto expression = read(context, spec->expression, where, spec->line);
        if (!expression) return std::nullopt;
        ConditionPlan plan_of_it;
        plan_of_it.source = place(context, std::move(*expression), where, spec->line, false);
        plan_of_it.one_of = spec->one_of;
        plan_of_it.negated = spec->negated;
        return plan_of_it;
    }

    std::optional<FieldPlan> field(const Context& context, const FieldSpec& spec) {
        const std::size_t mistakes_before = mistakes.size();
        FieldPlan made(ValueRule::compile(spec, plan->spec.file, mistakes));
        made.field = spec.field;
        made.extra_name = spec.extra_name;
        made.name = spec.field ? dottedName(*spec.field) : "extra." + spec.extra_name;
        Context here = context;
        here.where = context.where + ".fields." + (spec.field ? std::string(infoOf(*spec.field).name) : made.name);
        const FieldType type = spec.field ? infoOf(*spec.field).type : FieldType::Any;
        made.takes_all = type == FieldType::TextList;
        made.condition = condition(here, spec.when);
        if (spec.expression.empty()) {
            made.source.constant = true;
            made.constant = spec.constant.value_or(std::string{});
        } else if (auto expression = read(here, spec.expression, here.where, spec.line)) {
            made.pointer = expression->pointer;
            made.source = place(here, std::move(*expression), here.where, spec.line, made.takes_all);
        }
        made.only_first = !made.source.constant && !made.takes_all && !made.condition;
        if (mistakes.size() != mistakes_before) return std::nullopt;
        return made;
    }

    static std::string dottedName(FieldId id) {
        const FieldInfo& info = infoOf(id);
        const std::string_view section = nameOf(info.section);
        return section.empty() ? std::string(info.name) : fmt::format("{}.{}", section, info.name);
    }

    void fields(const Context& context, const std::vector<FieldSpec>& specs, std::vector<FieldPlan>& out) {
        for (const FieldSpec& spec : specs) {
            if (auto made = field(context, spec)) out.push_back(std::move(*made));
        }
        std::stable_sort(out.begin(), out.end(), [](const FieldPlan& a, const FieldPlan& b) {
            if (a.field && b.field) return *a.field < *b.field;
            if (a.field || b.field) return a.field.has_value();
            return a.extra_name < b.extra_name;
        });
    }

    /// An item streams only where everything of it does.
    bool listStreams(const Context& inside, const ListSpec& spec) {
        const auto simple = [&](const std::string& text) {
            if (text.empty()) return true;
            const auto read_one = readExpression(plan->spec.format, text, plan->spec.namespaces, inside.least_depth);
            return !read_one || read_one->simple.has_value();
        };
        bool streams = !spec.when || simple(spec.when->expression);
        for (const FieldSpec& one : spec.fields) {
            streams = streams && simple(one.expression) && (!one.when || simple(one.when->expression));
        }
        return streams;
    }

    void list(const Context& context, const ListSpec& spec, KindPlan& kind) {
        Context here = context;
        here.where = context.where + ".lists." + std::string(nameOf(spec.list));
        auto each = read(here, spec.each, here.where + ".each", spec.line);
        if (!each) return;
        if (each->simple && each->simple->leaf != SimplePath::Leaf::Node) demote(*each);
        ListPlan made;
        made.list = spec.list;
        Context inside = here;
        inside.list = static_cast<std::int16_t>(kind.lists.size());
        inside.least_depth = context.least_depth + each->least_depth;
        inside.slots = &made.slots;
        inside.streams = context.streams && each->simple.has_value() && listStreams(inside, spec);
        const auto evaluation =
            inside.streams || each->evaluation != Evaluation::Streaming ? each->evaluation : Evaluation::RecordSubtree;
        report(here.where + ".each", each->text, evaluation, spec.line);
        if (inside.streams) {
            inside.node = followAll(context.node, *each->simple);
            inside.levels = static_cast<std::uint16_t>(each->simple->steps.size());
            Action start;
            start.kind = Action::Kind::StartItem;
            start.record_kind = context.kind;
            start.list = inside.list;
            start.depth = inside.levels;
            plan->automaton.act(inside.node, start);
        } else {
            made.each = addEvaluated(std::move(*each));
        }
        made.condition = condition(inside, spec.when);
        fields(inside, spec.fields, made.fields);
        kind.lists.push_back(std::move(made));
    }

    void kind(const KindSpec& spec) {
        Context context;
        context.kind = static_cast<std::uint16_t>(plan->kinds.size());
        context.where = plan->spec.kinds.size() > 1 ? fmt::format("kinds[{}]", context.kind) : "mapping";
        KindPlan made;
        context.slots = &made.slots;
        auto records = readRecords(plan->spec.format, spec.records, plan->spec.namespaces);
        if (!records) {
            mistake(spec.line, context.where + ".records", records.error().rule, records.error().hint);
            return;
        }
        if (options.evaluate_all && !spec.records.empty()) {
            records->simple.reset();
            records->evaluation = Evaluation::WholeDocument;
        }
        report(context.where + ".records", records->text, records->evaluation, spec.line);
        if (records->simple) {
            Automaton& automaton = plan->automaton;
            context.node =
                followAll(records->simple->anywhere ? automaton.rootAnywhere() : automaton.root(), *records->simple);
            Action start;
            start.kind = Action::Kind::StartRecord;
            start.record_kind = context.kind;
            automaton.act(context.node, start);
        } else {
            context.streams = false;
            made.records = addEvaluated(std::move(*records));
        }
        made.condition = condition(context, spec.when);
        fields(context, spec.fields, made.fields);
        for (const ListSpec& one : spec.lists) list(context, one, made);
        made.evaluates = evaluates(made);
        plan->kinds.push_back(std::move(made));
    }

    static bool evaluates(const KindPlan& kind) {
        const auto any = [](const std::vector<FieldPlan>& all) {
            return std::any_of(all.begin(), all.end(), [](const FieldPlan& one) {
                return one.source.expression != kNone || (one.condition && one.condition->source.expression != kNone);
            });
        };
        if (kind.condition && kind.condition->source.expression != kNone) return true;
        if (any(kind.fields)) return true;
        return std::any_of(kind.lists.begin(), kind.lists.end(), [](const ListPlan& one) { return one.each != kNone; });
    }
};

PlanCompiler::PlanCompiler(MappingSpec spec, const CompileOptions& options) : work_(std::make_unique<Work>()) {
    work_->plan->spec = std::move(spec);
    work_->options = options;
}
PlanCompiler::~PlanCompiler() = default;

/// Too many states: first what counts siblings goes to the evaluators, then everything.
Result<std::unique_ptr<Mapping::Plan>, std::vector<MappingMistake>> PlanCompiler::simpler() {
    CASEWAY_CHECK(!work_->options.evaluate_all);
    CompileOptions options = work_->options;
    options.evaluate_all = options.evaluate_positions;
    options.evaluate_positions = true;
    return PlanCompiler(std::move(work_->plan->spec), options).run();
}

Result<std::unique_ptr<Mapping::Plan>, std::vector<MappingMistake>> PlanCompiler::run() {
    Work& work = *work_;
    if (work.plan->spec.kinds.empty()) {
        work.mistake(0, "fields", "at least one kind of record", "write `fields:` with at least source_case_no");
    }
    for (std::size_t i = 0; i < work.plan->spec.kinds.size(); ++i) work.kind(work.plan->spec.kinds[i]);
    if (!work.mistakes.empty()) return std::move(work.mistakes);
    if (!work.plan->automaton.build()) return simpler();
    if (work.plan->spec.format == SourceFormat::Json) work.plan->json_names.fill(work.plan->automaton.symbols);
    return std::move(work.plan);
}

}  // namespace caseway
