// gateway/normalize/plan_compiler.cpp - each kind, field, list and condition becomes slots, rules, paths of the
// automaton and, where a path is not simple, expressions for the evaluators.
#include "gateway/normalize/plan_compiler.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>
#include <tuple>

#include "gateway/domain/dotted_name.hpp"
#include "gateway/normalize/expression.hpp"
#include "gateway/normalize/full_width.hpp"
#include "gateway/normalize/one_for_list.hpp"
#include "gateway/normalize/path_ways.hpp"
#include "gateway/normalize/typed_reader.hpp"

namespace caseway {

struct PlanCompiler::Work {
    CompileOptions options;
    bool only_values = false;   ///< expressions are not looked at
    bool missing_told = false;  ///< an expression that is not there was told before
    std::unique_ptr<Mapping::Plan> plan = std::make_unique<Mapping::Plan>();
    std::vector<MappingMistake> mistakes;
    // Common fields stand in each kind.
    std::set<std::tuple<int, std::string, std::string>> told;
    std::set<std::tuple<int, Evaluation, std::string, std::string>> reported;

    /// Where the expressions of the part being compiled start.
    struct Context {
        std::uint16_t kind = 0;
        std::int16_t list = -1;
        bool streams = true;          ///< the automaton finds the context
        std::vector<PathWay> ways{};  ///< how
        std::size_t least_depth = 0;
        std::uint16_t* slots = nullptr;
    };

    void mistake(int line, const std::string& where, const std::string& rule, const std::string& hint) {
        if (told.emplace(line, where, rule).second) mistakes.push_back({plan->spec.file, line, where, rule, hint});
    }

    std::optional<Expression> read(const Context& context, const std::string& text, const std::string& where,
                                   int line) {
        if (only_values || (missing_told && text.empty())) return std::nullopt;
        auto expression = readExpression(plan->spec.format, text, plan->spec.namespaces, context.least_depth);
        if (!expression) {
            mistake(line, where, expression.error().rule, expression.error().hint);
            return std::nullopt;
        }
        demoteByOptions(*expression);
        return std::move(*expression);
    }

    void demoteByOptions(Expression& expression) const {
        const auto positioned = [](const PathStep& step) { return step.position != 0; };
        const bool counts = expression.simple &&
                            std::any_of(expression.simple->steps.begin(), expression.simple->steps.end(), positioned);
        if (options.evaluate_all || (options.evaluate_positions && counts)) demote(expression);
    }

    static void demote(Expression& expression) {
        expression.simple.reset();
        if (expression.evaluation == Evaluation::Streaming) expression.evaluation = Evaluation::RecordSubtree;
    }

    void report(const std::string& where, const Expression& expression, Evaluation evaluation, int line) {
        if (reported.emplace(line, evaluation, where, expression.text).second)
            plan->reports.push_back({where, expression.written, evaluation, line, expression.costly});
        plan->whole_document = plan->whole_document || evaluation == Evaluation::WholeDocument;
    }

    int addEvaluated(Expression&& expression, const std::string& where, int line) {
        plan->expressions.push_back({std::move(expression.text), std::move(expression.json), expression.on_document,
                                     expression.context_free, fmt::format("{}, line {}", where, line)});
        return static_cast<int>(plan->expressions.size()) - 1;
    }

    /// Gives the expression a slot, and either a path of the automaton or a number among the evaluated ones.
    Source place(const Context& context, Expression&& expression, const std::string& where, int line, bool takes_all) {
        Source source;
        source.slot = (*context.slots)++;
        const bool streams = context.streams && expression.simple.has_value();
        const auto evaluation = streams || expression.evaluation != Evaluation::Streaming ? expression.evaluation
                                                                                          : Evaluation::RecordSubtree;
        report(where, expression, evaluation, line);
        source.of_document = expression.on_document;
        if (!streams) {
            source.expression = addEvaluated(std::move(expression), where, line);
            return source;
        }
        const SimplePath& path = *expression.simple;
        Action action;
        action.takes_all = takes_all;
        action.record_kind = context.kind;
        action.list = context.list;
        action.slot = source.slot;
        if (path.leaf == SimplePath::Leaf::Text) action.kind = Action::Kind::CaptureText;
        if (path.leaf == SimplePath::Leaf::Attribute) {
            action.kind = Action::Kind::CaptureAttribute;
            action.attribute = plan->automaton.symbols.ofName(path.leaf_uri, path.leaf_name);
        }
        for (const PathWay& way : context.ways) {
            const auto node = followFrom(plan->automaton, way, path);
            if (!node) continue;
            action.depth = static_cast<std::uint16_t>(way.levels + path.steps.size());
            plan->automaton.act(*node, action);
        }
        return source;
    }

    /// `owner`: what the condition stands at.
    std::optional<ConditionPlan> condition(const Context& context, const std::optional<ConditionSpec>& spec,
                                           const std::string& owner) {
        if (!spec) return std::nullopt;
        const std::string where = spec->place.where.empty() ? owner + ".when" : spec->place.where;
        const int line = spec->place.lineOf("from");
        auto expression = read(context, spec->expression, where, line);
        if (!expression) return std::nullopt;
        ConditionPlan plan_of_it;
        plan_of_it.source = place(context, std::move(*expression), where, line, false);
        TextArena folded;
        for (const std::string& text : spec->one_of) plan_of_it.one_of.emplace_back(foldedToHalfWidth(text, folded));
        plan_of_it.negated = spec->negated;
        return plan_of_it;
    }

    std::optional<FieldPlan> field(const Context& context, const FieldSpec& spec) {
        const std::size_t mistakes_before = mistakes.size();
        std::vector<MappingMistake> of_value;
        FieldPlan made(ValueRule::compile(spec, plan->spec.file, of_value));
        for (const MappingMistake& one : of_value) mistake(one.line, one.where, one.rule, one.hint);
        made.field = spec.field;
        made.extra_name = spec.extra_name;
        made.name = spec.field ? dottedName(*spec.field) : "extra." + spec.extra_name;
        const std::string where = placeOf(spec);
        const int line = spec.place.lineOf("from");
        const FieldType type = spec.field ? infoOf(*spec.field).type : FieldType::Any;
        made.takes_all = type == FieldType::TextList;
        made.condition = condition(context, spec.when, where);
        if (spec.expression.empty()) {
            made.source.constant = true;
            made.constant = spec.constant.value_or(std::string{});
        } else if (auto expression = read(context, spec.expression, where, line)) {
            made.written = spec.expression;
            made.pointer = expression->pointer;
            made.source = place(context, std::move(*expression), where, line, made.takes_all);
        }
        made.takes_unfit = spec.unfit_of != nullptr;
        if (spec.unfit_of) {
            made.judged = spec.unfit_of->field;
            made.judged_name = made.judged ? dottedName(*made.judged) : "extra." + spec.unfit_of->extra_name;
        }
        made.alternative = spec.alternative;
        made.follows_others = made.judged && spec.alternative != 0;
        made.only_first = !made.follows_others && !made.source.constant && !made.takes_all && !made.condition;
        if (mistakes.size() != mistakes_before) return std::nullopt;
        return made;
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
        for (std::size_t i = 1; i < out.size(); ++i)
            if (out[i].field == out[i - 1].field && out[i].extra_name == out[i - 1].extra_name)
                out[i - 1].has_others = out[i].has_others = !out[i].takes_unfit;
    }

    /// `or_one` speaks of a list, so the expression must end where one is opened.
    bool opensList(const Expression& expression, const std::string& where, int line) {
        const bool does = opensListAtEnd(expression, plan->spec);
        if (!does)
            mistake(line, where.substr(0, where.rfind('.')) + ".or_one",
                    "a plain JSON path that opens a list at its end", "$.list[*]; in XML one element is a list of one");
        return does;
    }

    /// For the evaluator, which opens it itself.
    static void takeListItself(Expression& each) {
        each.text.resize(each.text.size() - kListOpened.size());
        auto query = JsonPath::compile(each.text);
        CASEWAY_CHECK(query.ok());
        each.json = std::move(*query);
    }

    /// An item streams only where everything of it does.
    bool listStreams(const Context& inside, const ListSpec& spec) {
        const auto simple = [&](const std::string& text) {
            if (text.empty()) return true;
            auto read_one = readExpression(plan->spec.format, text, plan->spec.namespaces, inside.least_depth);
            if (!read_one) return true;
            demoteByOptions(*read_one);
            return read_one->simple.has_value();
        };
        bool streams = !spec.when || simple(spec.when->expression);
        for (const FieldSpec& one : spec.fields) {
            streams = streams && simple(one.expression) && (!one.when || simple(one.when->expression));
        }
        return streams;
    }

    void list(const Context& context, const ListSpec& spec, const KindSpec& owner, KindPlan& kind) {
        const std::string where =
            spec.place.where.empty() ? "fields." + std::string(nameOf(spec.list)) : spec.place.where;
        const int line = spec.place.lineOf("each");
        auto each = read(context, spec.each, where + ".each", line);
        if (each && !each->selects)
            mistake(line, where + ".each", "an expression that selects the items, not what a function computes of them",
                    "each: Papers/Paper; `.` for the record itself");
        if (!each) return itemsOfNoList(context, spec, where);
        if (each->simple && each->simple->leaf != SimplePath::Leaf::Node) demote(*each);
        ListPlan made;
        made.list = spec.list;
        made.written = spec.each;
        made.says_or_one = spec.or_one;
        Context inside = context;
        inside.list = static_cast<std::int16_t>(kind.lists.size());
        inside.least_depth = context.least_depth + each->least_depth;
        inside.slots = &made.slots;
        inside.streams = context.streams && each->simple.has_value() && listStreams(inside, spec);
        const auto evaluation =
            inside.streams || each->evaluation != Evaluation::Streaming ? each->evaluation : Evaluation::RecordSubtree;
        report(where + ".each", *each, evaluation, line);
        const auto written = readExpression(plan->spec.format, spec.each, plan->spec.namespaces, context.least_depth);
        const bool or_one = spec.or_one && opensList(*written, where + ".each", spec.place.lineOf("or_one"));
        if (opensListAtEnd(*written, plan->spec)) noteOpenedList(*written, spec, owner, plan->spec, made);
        if (inside.streams) {
            inside.ways.clear();
            for (const PathWay& way : context.ways) addWays(plan->automaton, way, *each->simple, or_one, inside.ways);
            Action start;
            start.kind = Action::Kind::StartItem;
            start.record_kind = context.kind;
            start.list = inside.list;
            startAt(plan->automaton, inside.ways, start, made.takes_value, made.opens_list);
        } else {
            made.or_one = or_one;
            if (or_one) takeListItself(*each);
            made.each = addEvaluated(std::move(*each), where + ".each", line);
        }
        made.condition = condition(inside, spec.when, where);
        fields(inside, spec.fields, made.fields);
        kind.lists.push_back(std::move(made));
    }

    /// The mistakes of what stands below an `each` that cannot be read.
    void itemsOfNoList(const Context& context, const ListSpec& spec, const std::string& where) {
        ListPlan none;
        Context inside = context;
        inside.slots = &none.slots;
        inside.streams = false;
        condition(inside, spec.when, where);
        fields(inside, spec.fields, none.fields);
    }

    /// What holds the records: a JSON list, or an XML element that has them for children.
    std::optional<std::vector<PathStep>> placeOfRecords(const SimplePath& path) const {
        const bool is_json = plan->spec.format == SourceFormat::Json;
        std::vector<PathStep> place = path.steps;
        if (path.anywhere || place.empty()) return std::nullopt;
        if (is_json && place.back().test != PathStep::Test::Any) return std::nullopt;
        place.pop_back();
        const bool is_plain = std::all_of(place.begin(), place.end(), [](const PathStep& step) {
            return step.test == PathStep::Test::Name && step.position == 0;
        });
        if (!is_plain || (!is_json && place.empty())) return std::nullopt;
        return place;
    }

    void kind(const KindSpec& spec) {
        const bool has_rest = std::any_of(plan->spec.kinds.begin(), plan->spec.kinds.end(),
                                          [](const KindSpec& one) { return one.is_rest; });
        Context context;
        context.kind = static_cast<std::uint16_t>(plan->kinds.size());
        KindPlan made;
        context.slots = &made.slots;
        made.written = spec.records;
        const std::string where = (spec.place.where.empty() ? "source" : spec.place.where) + ".records";
        const int line = spec.place.lineOf("records");
        auto records =
            readRecords(plan->spec.format, only_values ? std::string() : spec.records, plan->spec.namespaces);
        if (!records) {
            mistake(line, where, records.error().rule, records.error().hint);
            records = readRecords(plan->spec.format, {}, plan->spec.namespaces);
        }
        if (records->simple) made.place = placeOfRecords(*records->simple);
        const bool or_one = spec.or_one && opensList(*records, where, spec.place.lineOf("or_one"));
        if (options.evaluate_all && !spec.records.empty() && !or_one && !has_rest) {
            records->simple.reset();
            records->evaluation = Evaluation::WholeDocument;
        }
        report(where, *records, records->evaluation, line);
        if (records->simple) {
            Automaton& automaton = plan->automaton;
            const PathWay root{records->simple->anywhere ? automaton.rootAnywhere() : automaton.root()};
            addWays(automaton, root, *records->simple, or_one, context.ways);
            for (PathWay& way : context.ways) way.levels = 0;
            Action start;
            start.kind = Action::Kind::StartRecord;
            start.record_kind = context.kind;
            start.rest = spec.is_rest;
            startAt(automaton, context.ways, start, true, or_one);
        } else {
            if (spec.is_rest)
                mistake(spec.place.lineOf("rest"), (spec.place.where.empty() ? "source" : spec.place.where) + ".rest",
                        "a plain path in `records`, which tells without looking whether another kind finds the record",
                        "records: /Package/Body/*");
            if (has_rest && !spec.is_rest)
                mistake(line, where, "a plain path, as another kind is the `rest` of all that no kind finds",
                        "records: /Package/Body/NAME, and `when` for what a filter says; or leave out the rest");
            context.streams = false;
            made.records = addEvaluated(std::move(*records), where, line);
        }
        made.condition = condition(context, spec.when, spec.place.where.empty() ? "source" : spec.place.where);
        fields(context, spec.fields, made.fields);
        for (const ListSpec& one : spec.lists) list(context, one, spec, made);
        made.evaluates = evaluates(made);
        made.passes_over = spec.passes_over;
        made.is_rest = spec.is_rest;
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

std::vector<MappingMistake> PlanCompiler::mistakesOf(MappingSpec spec, bool expressions) {
    PlanCompiler compiler(std::move(spec), {});
    Work& work = *compiler.work_;
    work.only_values = !expressions;
    work.missing_told = true;
    for (const KindSpec& kind : work.plan->spec.kinds) work.kind(kind);
    return std::move(work.mistakes);
}

/// What `rest` and `or_one` speak of cannot go to the evaluators.
std::vector<MappingMistake> PlanCompiler::tooManyPlaces() {
    Work& work = *work_;
    for (const KindSpec& kind : work.plan->spec.kinds) {
        if (!kind.is_rest && !kind.or_one) continue;
        const char* key = kind.is_rest ? "rest" : "or_one";
        work.mistake(kind.place.lineOf(key), (kind.place.where.empty() ? "source." : kind.place.where + ".") + key,
                     "fewer places of records that count siblings or begin with //, which are followed all at once",
                     "in `records`, write what they begin with in full and use `when` in place of numbers; or leave "
                     "this out");
    }
    CASEWAY_CHECK(!work.mistakes.empty());
    sortMistakes(work.mistakes);
    return std::move(work.mistakes);
}

/// Too many states: first what counts siblings goes to the evaluators, then everything.
Result<std::unique_ptr<Mapping::Plan>, std::vector<MappingMistake>> PlanCompiler::simpler() {
    if (work_->options.evaluate_all) return tooManyPlaces();
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
    if (!work.mistakes.empty()) {
        sortMistakes(work.mistakes);
        return std::move(work.mistakes);
    }
    if (!work.plan->automaton.build()) return simpler();
    if (work.plan->spec.format == SourceFormat::Json) work.plan->json_names.fill(work.plan->automaton.symbols);
    return std::move(work.plan);
}

}  // namespace caseway
