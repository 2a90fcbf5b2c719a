package io.github.camelmixpanel.export.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The texts of messages in the sources: string literals of each call that logs or throws. */
final class SourceMessages {

    private static final Pattern TOKEN =
            Pattern.compile(
                    "\"\"\"\\n(?<block>.*?)\"\"\"|\"(?<string>(?:[^\"\\\\\\n]|\\\\.)*)\""
                            + "|'(?:[^'\\\\]|\\\\.)+'|/\\*.*?\\*/|//[^\\n]*",
                    Pattern.DOTALL);
    private static final Pattern CALL =
            Pattern.compile(
                    "(?:LOG\\.(?:warn|error)|new \\w*Exception|super|hidingValues|warnings\\.accept)\\(");
    private static final Pattern LITERAL = Pattern.compile("\"(\\d+)\"");

    /**
     * @param call such as {@code LOG.warn} or {@code new SpoolException}
     * @param text all its literals, one after the other, with single spaces
     */
    record Message(Path file, String call, String text) {

        boolean isIn(String folder) {
            return file.toString().contains("/export/" + folder);
        }
    }

    private SourceMessages() {}

    static List<Message> all() throws IOException {
        List<Message> messages = new ArrayList<>();
        for (Path file : sources()) {
            messages.addAll(of(file));
        }
        return messages;
    }

    /** All main sources, with texts that go over several lines put together. */
    static String code() throws IOException {
        StringBuilder code = new StringBuilder();
        for (Path file : sources()) {
            code.append(Files.readString(file));
        }
        return code.toString().replaceAll("\"\\s*\\+\\s*\"|\\\\\n\\s*", "");
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static List<Message> of(Path file) throws IOException {
        List<String> literals = new ArrayList<>();
        StringBuilder code = new StringBuilder();
        Matcher token = TOKEN.matcher(Files.readString(file));
        while (token.find()) {
            token.appendReplacement(code, " ");
            String block = token.group("block");
            String text = block == null ? token.group("string") : joined(block);
            if (text != null) {
                code.append('"').append(literals.size()).append('"');
                literals.add(text);
            }
        }
        token.appendTail(code);
        List<Message> messages = new ArrayList<>();
        Matcher call = CALL.matcher(code);
        while (call.find()) {
            String arguments = code.substring(call.end(), end(code, call.end()));
            StringBuilder text = new StringBuilder();
            LITERAL.matcher(arguments)
                    .results()
                    .forEach(it -> text.append(literals.get(Integer.parseInt(it.group(1)))));
            messages.add(
                    new Message(
                            file,
                            call.group().replace("(", ""),
                            text.toString().replaceAll("\\s+", " ").replace("\\\"", "\"")));
        }
        return messages;
    }

    private static String joined(String block) {
        return block.replaceAll("\\\\\n\\s*", "");
    }

    /** Of the arguments that begin there. */
    private static int end(CharSequence code, int from) {
        int open = 1;
        int i = from;
        while (open > 0) {
            char c = code.charAt(i++);
            open += c == '(' ? 1 : c == ')' ? -1 : 0;
        }
        return i - 1;
    }
}
