package io.github.camelmixpanel.export.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.docs.SourceMessages.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The table of messages is that of the code: what it shows is in the code, and what the code says
 * to people is in it. It cannot see a text that is put together elsewhere than where it is logged
 * or thrown.
 */
class MessagesDocTest {

    private static final Path PAGE = Path.of("docs/reference/messages.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`.*?`.*?) \\| .* \\| .* \\|$");
    private static final Pattern SHOWN = Pattern.compile("`([^`]*)`");

    /** Too short to tell one message from others. */
    private static final int SHORT = 10;

    @Test
    void showsWhatTheCodeSays() throws IOException {
        String code = SourceMessages.code();

        List<String> fragments = fragments(4);
        assertThat(fragments).hasSizeGreaterThan(100);
        assertThat(fragments).as("not in the code").filteredOn(f -> !code.contains(f)).isEmpty();
    }

    @Test
    void hasWhatTheCodeSaysToPeople() throws IOException {
        List<String> fragments = fragments(SHORT);

        List<Message> messages =
                SourceMessages.all().stream().filter(MessagesDocTest::isForPeople).toList();
        assertThat(messages).hasSizeGreaterThan(100);
        assertThat(messages)
                .as("without a row in %s", PAGE)
                .filteredOn(it -> fragments.stream().noneMatch(it.text()::contains))
                .isEmpty();
    }

    /** All that is logged as a warning or error, or thrown as what the API declares. */
    private static boolean isForPeople(Message message) {
        if (message.text().replaceAll("[{}:. ]", "").isEmpty()) {
            return false; // it comes from elsewhere
        }
        String call = message.call();
        String exception = call.replaceFirst("^new ", "");
        return switch (exception) {
            case "LOG.warn", "LOG.error", "warnings.accept", "hidingValues" -> true;
            case "InvalidOptionException" -> false; // all have one form, which has a row
            case "super" -> message.isIn("failure/LostExchangeException");
            case "IllegalArgumentException", "IllegalStateException" ->
                    message.text().matches(".*(mixpanel-export|Header|The requested window).*");
            default ->
                    Files.exists(
                            Path.of(
                                    "src/main/java/io/github/camelmixpanel/export/failure",
                                    exception + ".java"));
        };
    }

    @Test
    void isInTheOrderOfWhatIsSeen() throws IOException {
        for (String part : Files.readString(PAGE).split("(?m)^## ")) {
            List<String> seen =
                    ROW.matcher(part).results().map(row -> row.group(1)).map(this::key).toList();

            assertThat(seen).isSortedAccordingTo(Comparator.naturalOrder());
        }
    }

    private String key(String seen) {
        return seen.replace("`… ", "`").toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    /** What the first column shows as texts of messages, without what differs. */
    private static List<String> fragments(int shortest) throws IOException {
        return ROW.matcher(Files.readString(PAGE))
                .results()
                .map(row -> row.group(1))
                .flatMap(seen -> SHOWN.matcher(seen).results())
                .map((MatchResult shown) -> shown.group(1).split("…|\\d+|\\.$"))
                .flatMap(Arrays::stream)
                .map(String::strip)
                .filter(fragment -> fragment.length() >= shortest)
                .toList();
    }
}
