package io.github.camelmixpanel.export.internal.pipeline.progress;

import io.github.camelmixpanel.export.internal.model.ExportSnapshot.Forecast;
import io.github.camelmixpanel.export.internal.model.Verdict;
import io.github.camelmixpanel.export.internal.pipeline.board.BoardStatus;
import io.github.camelmixpanel.export.internal.pipeline.calendar.ExportCalendar;
import io.github.camelmixpanel.export.internal.text.Spans;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * Says what an export will take, and on how many days that rests; nothing where nothing is known.
 *
 * @param estimates whether the number of queries is not certain, since windows are sized later
 */
public record Outlook(Eta eta, ExportCalendar calendar, boolean estimates) {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");
    private static final DateTimeFormatter DAY_AND_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

    private static final Duration WORTH_SAYING = Duration.ofMinutes(1);

    /** How far it is, by the ledger: {@code 47 of 730 days}. */
    String days(BoardStatus board) {
        Verdict.Days days = calendar.exported(board.windows());
        return LogText.number(days.exported()) + " of " + LogText.number(days.all()) + " days";
    }

    /** The queries that these windows take, before the first of them. */
    String plan(BoardStatus board) {
        Optional<Forecast> known = eta.forecast(board);
        Forecast most = known.orElse(new Forecast(board.windows().size(), 0, 0));
        Duration quota = eta.quotaWait(board, Optional.of(most));
        boolean unknown = known.isEmpty() && board.windows().size() > 1;
        return (unknown ? "at worst " + LogText.number(most.queries()) + " queries" : queries(most))
                + (quota.compareTo(WORTH_SAYING) < 0
                        ? ""
                        : ", about " + Spans.of(quota) + " for the quota alone")
                + (unknown ? ", and the first downloads show how many" : "");
    }

    /** What is left, and when it is done. */
    String toGo(BoardStatus board) {
        Optional<Forecast> forecast = eta.forecast(board);
        String queries =
                forecast.filter(it -> it.queries() > 0)
                        .map(it -> ", " + queries(it) + " to go")
                        .orElse("");
        return queries
                + eta.toGo(board, forecast)
                        .map(it -> ", done about " + clock(board.at(), board.at().plus(it)))
                        .orElse("");
    }

    private String queries(Forecast it) {
        String basis =
                it.knownDays() == 0 || it.bytes() == 0
                        ? ""
                        : " (%s, judged by %s)"
                                .formatted(
                                        Heartbeat.size(it.bytes()),
                                        LogText.counted(it.knownDays(), "day", "days"));
        return (estimates && it.queries() > 1 ? "about " : "")
                + LogText.counted(it.queries(), "query", "queries")
                + basis;
    }

    private static String clock(Instant now, Instant then) {
        ZonedDateTime time = then.plusSeconds(59).atZone(ZoneId.systemDefault());
        boolean today = time.toLocalDate().equals(now.atZone(ZoneId.systemDefault()).toLocalDate());
        return (today ? TIME : DAY_AND_TIME).format(time);
    }
}
