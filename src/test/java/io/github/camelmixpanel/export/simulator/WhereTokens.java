package io.github.camelmixpanel.export.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words of a {@code where} expression, taken one after the other; the last is always {@link
 * Kind#END}. Confined to one thread.
 */
final class WhereTokens {

    enum Kind {
        NUMBER,
        STRING,
        WORD,
        SYMBOL,
        END
    }

    /** A word at a place of the text; {@code text} is the value for strings, without quotes. */
    record Token(Kind kind, String text, int position) {

        boolean is(Kind expected, String value) {
            return kind == expected && text.equals(value);
        }

        /** Whether this is the keyword, in any case ({@code AND} is seen in Mixpanel's pages). */
        boolean isKeyword(String keyword) {
            return kind == Kind.WORD && text.toLowerCase(Locale.ROOT).equals(keyword);
        }
    }

    private static final Pattern WORD =
            Pattern.compile(
                    "(?<number>\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)"
                            + "|(?<word>[A-Za-z_]\\w*)"
                            + "|(?<symbol>==|!=|<=|>=|[-+*/%<>()\\[\\],])");
    private static final JsonMapper STRINGS =
            JsonMapper.builder().enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS).build();

    private final List<Token> tokens;
    private int next;

    WhereTokens(String text) {
        tokens = read(text);
    }

    Token peek() {
        return tokens.get(next);
    }

    Token take() {
        Token token = tokens.get(next);
        if (token.kind() != Kind.END) {
            next++;
        }
        return token;
    }

    boolean takeSymbol(String symbol) {
        boolean found = peek().is(Kind.SYMBOL, symbol);
        if (found) {
            take();
        }
        return found;
    }

    boolean takeKeyword(String keyword) {
        boolean found = peek().isKeyword(keyword);
        if (found) {
            take();
        }
        return found;
    }

    void expectSymbol(String symbol) {
        if (!takeSymbol(symbol)) {
            throw unexpected("'" + symbol + "'");
        }
    }

    InvalidWhereException unexpected(String expected) {
        Token token = peek();
        String found = token.kind() == Kind.END ? "the end" : "'" + token.text() + "'";
        return new InvalidWhereException(
                "expected " + expected + " at position " + token.position() + ", found " + found);
    }

    private static List<Token> read(String text) {
        List<Token> tokens = new ArrayList<>();
        Matcher word = WORD.matcher(text);
        int at = 0;
        while (at < text.length()) {
            if (Character.isWhitespace(text.charAt(at))) {
                at++;
            } else if (text.charAt(at) == '"') {
                int end = endOfString(text, at);
                tokens.add(new Token(Kind.STRING, unquoted(text.substring(at, end), at), at));
                at = end;
            } else if (word.region(at, text.length()).lookingAt()) {
                tokens.add(new Token(kind(word), word.group(), at));
                at = word.end();
            } else {
                throw new InvalidWhereException(
                        "unexpected '" + text.charAt(at) + "' at position " + at);
            }
        }
        tokens.add(new Token(Kind.END, "", text.length()));
        return tokens;
    }

    private static Kind kind(Matcher word) {
        if (word.group("number") != null) {
            return Kind.NUMBER;
        }
        return word.group("word") != null ? Kind.WORD : Kind.SYMBOL;
    }

    private static int endOfString(String text, int start) {
        for (int at = start + 1; at < text.length(); at++) {
            if (text.charAt(at) == '\\') {
                at++;
            } else if (text.charAt(at) == '"') {
                return at + 1;
            }
        }
        throw new InvalidWhereException("string without an end at position " + start);
    }

    private static String unquoted(String literal, int position) {
        try {
            return STRINGS.readValue(literal, String.class);
        } catch (JsonProcessingException e) {
            throw new InvalidWhereException("unknown escape in the string at position " + position);
        }
    }
}
