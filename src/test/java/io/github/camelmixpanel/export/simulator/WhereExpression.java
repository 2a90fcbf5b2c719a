package io.github.camelmixpanel.export.simulator;

/**
 * Decides for each event whether Mixpanel's {@code where} expression lets it through: only if its
 * value is {@code true}. Immutable; safe for use by several threads.
 *
 * <p>Understood are numbers, {@code "text"}, {@code true}, {@code false}, lists of these, {@code
 * properties["…"]}, {@code event["$time"]}, {@code event["$event_name"]}, {@code defined}, {@code
 * datetime}, the casts {@code number string boolean list}, {@code floor round ceil}, and all
 * operators. Everything else is refused, so that an expression tested here is not one that only the
 * simulator knows. Precedence, lowest first: {@code or}, {@code and}, {@code not}, {@code in == !=
 * < <= > >=}, {@code + -}, {@code * / %}, unary {@code -}; operators of one level bind from the
 * left (assumed: Mixpanel's page does not say, but every expression seen agrees).
 *
 * <p>{@code $time}, {@code $event_name} and {@code $distinct_id} stand for {@code time} in seconds,
 * the event's name and {@code distinct_id}.
 */
final class WhereExpression {

    private final WhereParser.Term value;

    private WhereExpression(WhereParser.Term value) {
        this.value = value;
    }

    /**
     * Reads an expression.
     *
     * @throws InvalidWhereException saying what was expected and where, if it is not understood
     */
    static WhereExpression parse(String text) {
        return new WhereExpression(new WhereParser(text).whole());
    }

    /**
     * Whether the event passes.
     *
     * @throws InvalidWhereException if {@code and} or {@code or} meets a value that is neither
     *     boolean nor undefined
     */
    boolean matches(StoredEvent event) {
        return Boolean.TRUE.equals(value.of(event));
    }
}
