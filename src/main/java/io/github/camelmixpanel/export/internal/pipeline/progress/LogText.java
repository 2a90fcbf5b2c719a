package io.github.camelmixpanel.export.internal.pipeline.progress;

import io.github.camelmixpanel.export.internal.model.Comparison;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowSummary;
import io.github.camelmixpanel.export.internal.plan.DueWindow;
import io.github.camelmixpanel.export.internal.settings.ExportQuery;
import io.github.camelmixpanel.export.internal.text.Printable;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How figures, times, days and reasons look in the log and in messages. Stateless. */
public final class LogText {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    private static final int REASON_LENGTH = 1000;
    private static final int SHOWN_NAMES = 10;
    private static final String CHANGED = " with other content";

    private LogText() {}

    static String sentence(String message) {
        return message.endsWith(".") ? message : message + ".";
    }

    static String local(Instant instant) {
        return TIME.format(instant.atZone(ZoneId.systemDefault()));
    }

    public static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    public static String counted(long number, String one, String many) {
        return number == 1 ? "1 " + one : number(number) + " " + many;
    }

    public static String badLines(long number) {
        return number == 0 ? "" : ", " + number(number) + " bad lines set aside";
    }

    /** The due days of one kind. */
    static String days(List<DueWindow> due, DueWindow.Kind kind) {
        List<Window> windows =
                due.stream()
                        .filter(it -> it.kind() == kind)
                        .map(DueWindow::window)
                        .sorted(Comparator.comparing(Window::fromDate))
                        .toList();
        Window first = windows.get(0);
        Window last = windows.get(windows.size() - 1);
        String span =
                windows.size() == 1 ? first.toString() : first.fromDate() + ".." + last.toDate();
        return switch (kind) {
            case TODAY -> "today " + span;
            case ARRIVALS ->
                    "arrivals since %s on %s..%s"
                            .formatted(
                                    first.arrivals().from().truncatedTo(ChronoUnit.SECONDS),
                                    first.fromDate(),
                                    first.toDate());
            case REVISIT -> "revisit " + span;
            case BACKFILL ->
                    counted(windows.stream().mapToInt(Window::length).sum(), "day", "days")
                            + " "
                            + span;
        };
    }

    /** What a download has that earlier ones lack, and the other way round. */
    static String compared(WindowSummary summary) {
        Comparison found = summary.compared();
        if (summary.generation() > 1) {
            return " (generation %d: %s new, %s known, %s vanished%s%s%s)"
                    .formatted(
                            summary.generation(),
                            number(found.emitted()),
                            number(found.known()),
                            number(found.vanished()),
                            some(found.rewritten(), " with another distinct_id"),
                            some(found.changed(), CHANGED),
                            some(found.repeated(), " repeated"));
        }
        return found.duplicates() == 0
                ? ""
                : " ("
                        + number(found.duplicates())
                        + " duplicates left out"
                        + some(found.changed(), CHANGED)
                        + ")";
    }

    private static String some(long count, String what) {
        return count == 0 ? "" : ", " + number(count) + what;
    }

    /** The names of events that queries ask for, in quotes, so that a wrong space is seen. */
    static String asked(ExportQuery query) {
        if (query.events().isEmpty()) {
            return "all events";
        }
        return query.events().stream()
                .limit(SHOWN_NAMES)
                .map(name -> '"' + Printable.name(name) + '"')
                .collect(
                        Collectors.joining(
                                ", ",
                                "events ",
                                query.events().size() > SHOWN_NAMES
                                        ? " and " + (query.events().size() - SHOWN_NAMES) + " more"
                                        : ""));
    }

    /** A route may fail an exchange without an exception. */
    public static String reason(Throwable failure) {
        return failure == null ? "no exception" : Printable.of(failure.toString(), REASON_LENGTH);
    }
}
