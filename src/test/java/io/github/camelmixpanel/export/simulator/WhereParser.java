package io.github.camelmixpanel.export.simulator;

import io.github.camelmixpanel.export.simulator.WhereTokens.Kind;
import io.github.camelmixpanel.export.simulator.WhereTokens.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Reads a {@code where} expression by recursive descent, one method for each level of precedence.
 * Confined to one thread, for one expression.
 */
final class WhereParser {

    /** A part of an expression: its value for an event. */
    @FunctionalInterface
    interface Term {
        Object of(StoredEvent event);
    }

    private static final int DEEPEST = 100;
    private static final List<String> ORDER = List.of("<", "<=", ">", ">=");

    private final WhereTokens tokens;
    private int depth;

    WhereParser(String text) {
        tokens = new WhereTokens(text);
    }

    /**
     * The whole text as one expression.
     *
     * @throws InvalidWhereException saying what was expected and where
     */
    Term whole() {
        Term expression = or();
        if (tokens.peek().kind() != Kind.END) {
            throw tokens.unexpected("an operator or the end");
        }
        return expression;
    }

    private Term or() {
        Term left = and();
        while (tokens.takeKeyword("or")) {
            left =
                    both(
                            left,
                            and(),
                            (a, b) -> WhereValues.truth("or", a) | WhereValues.truth("or", b));
        }
        return left;
    }

    private Term and() {
        Term left = not();
        while (tokens.takeKeyword("and")) {
            left =
                    both(
                            left,
                            not(),
                            (a, b) -> WhereValues.truth("and", a) & WhereValues.truth("and", b));
        }
        return left;
    }

    private Term not() {
        if (!tokens.takeKeyword("not")) {
            return comparison();
        }
        return deeper(() -> one(not(), WhereValues::not));
    }

    private Term comparison() {
        Term left = sum();
        while (true) {
            Token next = tokens.peek();
            if (tokens.takeSymbol("==")) {
                left = both(left, sum(), Object::equals);
            } else if (tokens.takeSymbol("!=")) {
                left = both(left, sum(), (a, b) -> !a.equals(b));
            } else if (tokens.takeKeyword("in")) {
                left = both(left, sum(), WhereValues::in);
            } else if (next.kind() == Kind.SYMBOL && ORDER.contains(next.text())) {
                String order = tokens.take().text();
                left = both(left, sum(), (a, b) -> WhereValues.ordered(order, a, b));
            } else {
                return left;
            }
        }
    }

    private Term sum() {
        Term left = product();
        while (peekIsOneOf("+", "-")) {
            String operator = tokens.take().text();
            left = both(left, product(), (a, b) -> WhereValues.arithmetic(operator, a, b));
        }
        return left;
    }

    private Term product() {
        Term left = unary();
        while (peekIsOneOf("*", "/", "%")) {
            String operator = tokens.take().text();
            left = both(left, unary(), (a, b) -> WhereValues.arithmetic(operator, a, b));
        }
        return left;
    }

    private Term unary() {
        if (!tokens.takeSymbol("-")) {
            return primary();
        }
        return deeper(() -> one(unary(), WhereValues::minus));
    }

    private Term primary() {
        Token token = tokens.peek();
        if (tokens.takeSymbol("(")) {
            Term inner = deeper(this::or);
            tokens.expectSymbol(")");
            return inner;
        }
        if (tokens.takeSymbol("[")) {
            return constant(list());
        }
        if (token.kind() == Kind.WORD && !peekIsTruth()) {
            return named(tokens.take());
        }
        return constant(literal());
    }

    private Term named(Token word) {
        switch (word.text()) {
            case "properties":
                return property(index());
            case "event":
                return eventField(index(), word);
            default:
                return call(word);
        }
    }

    private Term call(Token word) {
        String function = word.text().toLowerCase(Locale.ROOT);
        switch (function) {
            case "defined":
                // also seen without parentheses around its operand
                return deeper(() -> one(primary(), value -> value != WhereValues.UNDEFINED));
            case "datetime":
                return one(argument(), WhereValues::datetime);
            case "floor", "round", "ceil":
                return one(argument(), value -> WhereValues.rounded(function, value));
            case "string", "number", "boolean", "list":
                return cast(function);
            default:
                throw new InvalidWhereException(
                        "'" + word.text() + "' at position " + word.position() + " is unknown");
        }
    }

    /** A cast; its second argument, if any, replaces undefined (seen in Mixpanel's pages). */
    private Term cast(String type) {
        tokens.expectSymbol("(");
        Term cast = one(deeper(this::or), value -> WhereValues.cast(type, value));
        Term otherwise =
                tokens.takeSymbol(",") ? deeper(this::or) : constant(WhereValues.UNDEFINED);
        tokens.expectSymbol(")");
        return both(cast, otherwise, (a, b) -> a == WhereValues.UNDEFINED ? b : a);
    }

    private Term argument() {
        tokens.expectSymbol("(");
        Term argument = deeper(this::or);
        tokens.expectSymbol(")");
        return argument;
    }

    private String index() {
        tokens.expectSymbol("[");
        if (tokens.peek().kind() != Kind.STRING) {
            throw tokens.unexpected("a name in double quotes");
        }
        String name = tokens.take().text();
        tokens.expectSymbol("]");
        return name;
    }

    private List<Object> list() {
        List<Object> values = new ArrayList<>();
        while (!tokens.takeSymbol("]")) {
            if (!values.isEmpty()) {
                tokens.expectSymbol(",");
            }
            values.add(tokens.takeSymbol("-") ? -number() : literal());
        }
        return List.copyOf(values);
    }

    private Object literal() {
        if (peekIsTruth()) {
            return tokens.take().isKeyword("true");
        }
        return tokens.peek().kind() == Kind.STRING ? tokens.take().text() : number();
    }

    private Double number() {
        if (tokens.peek().kind() != Kind.NUMBER) {
            throw tokens.unexpected("a value");
        }
        return Double.valueOf(tokens.take().text());
    }

    private boolean peekIsTruth() {
        return tokens.peek().isKeyword("true") || tokens.peek().isKeyword("false");
    }

    private boolean peekIsOneOf(String... symbols) {
        Token next = tokens.peek();
        return next.kind() == Kind.SYMBOL && List.of(symbols).contains(next.text());
    }

    private Term deeper(Supplier<Term> inner) {
        if (++depth > DEEPEST) {
            throw new InvalidWhereException("nested more than " + DEEPEST + " deep");
        }
        try {
            return inner.get();
        } finally {
            depth--;
        }
    }

    private static Term property(String name) {
        return switch (name) {
            case "$time" -> event -> WhereValues.of(event.secondsNode());
            case "$event_name" -> event -> WhereValues.of(event.name());
            case "$distinct_id" -> event -> WhereValues.of(event.property("distinct_id"));
            default -> event -> WhereValues.of(event.property(name));
        };
    }

    private static Term eventField(String name, Token word) {
        if (name.equals("$time") || name.equals("$event_name")) {
            return property(name);
        }
        throw new InvalidWhereException(
                "event[\"" + name + "\"] at position " + word.position() + " is unknown");
    }

    private static Term constant(Object value) {
        return event -> value;
    }

    private static Term one(Term operand, UnaryOperator<Object> operator) {
        return event -> operator.apply(operand.of(event));
    }

    private static Term both(Term left, Term right, BinaryOperator<Object> operator) {
        return event -> operator.apply(left.of(event), right.of(event));
    }
}
