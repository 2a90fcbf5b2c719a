package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.Query;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What comes late is asked for by the time at which Mixpanel processed it. */
class ArrivalTest extends ArrivalTestSupport {

    private static final String TODAY = "2026-10-20";

    @Test
    void bringsEachEventOnceHoweverLateItComes() throws Exception {
        mixpanel.addEvents(
                event("today", "2026-10-20T09:00:00Z", "2026-10-20T09:00:01Z"),
                event("soon", "2026-10-20T10:02:00Z", "2026-10-20T10:02:01Z"),
                event("1 day", "2026-10-19T10:00:00Z", "2026-10-20T10:05:00Z"),
                event("6 days", "2026-10-14T10:00:00Z", "2026-10-20T10:25:00Z"),
                event("20 days", "2026-09-30T10:00:00Z", "2026-10-20T10:40:00Z"),
                event("30 days", "2026-09-20T10:00:00Z", "2026-10-20T10:40:00Z"),
                event("31 days", "2026-09-19T10:00:00Z", "2026-10-20T10:40:00Z"));
        String uri = arrival("2026-09-10");
        collect(uri);
        poll();
        assertThat(ids()).containsExactly("today");
        assertThat(arrivalQueries()).as("nothing to look for as yet").isEmpty();
        assertThat(mixpanel.queries()).hasSize(41);

        pollAt("2026-10-20T10:15:00Z", uri);
        assertThat(ids()).containsExactly("today", "1 day", "soon");
        assertThat(arrivalQueries())
                .singleElement()
                .satisfies(
                        it -> {
                            assertThat(it.fromDate()).isEqualTo("2026-09-20");
                            assertThat(it.toDate()).isEqualTo(TODAY);
                            assertThat(it.where())
                                    .isEqualTo(
                                            "properties[\"mp_processing_time_ms\"] >= "
                                                    + Instant.parse("2026-10-20T08:00:00Z")
                                                            .toEpochMilli()
                                                    + " and properties[\"mp_processing_time_ms\"] < "
                                                    + Instant.parse("2026-10-20T10:15:00Z")
                                                            .toEpochMilli());
                        });
        assertThat(received.get(1).headers())
                .containsEntry(MixpanelExportConstants.FROM_DATE, "2026-09-20")
                .containsEntry(MixpanelExportConstants.TO_DATE, TODAY)
                .containsEntry(MixpanelExportConstants.GENERATION, 1);

        pollAt("2026-10-20T10:30:00Z", uri);
        assertThat(ids()).containsExactly("today", "1 day", "soon", "6 days");
        assertThat(lastSpan())
                .isEqualTo(
                        new Span(
                                Instant.parse("2026-10-20T08:15:00Z"),
                                Instant.parse("2026-10-20T10:30:00Z")));
        assertThat(received.get(3).header(MixpanelExportConstants.GENERATION)).isEqualTo(2);

        pollAt("2026-10-20T10:45:00Z", uri);
        pollAt("2026-10-20T11:00:00Z", uri);
        assertThat(ids())
                .as("what is processed more than arrivalDays after its day is missed")
                .containsExactly("today", "1 day", "soon", "6 days", "30 days", "20 days");
        assertThat(mixpanel.queries()).as("one a poll").hasSize(45);
        mixpanel.assertLimitsHeld();
    }

    @Test
    void asksForADayThatBeginsLaterOnceWhenNothingMoreIsToCome() throws Exception {
        String withoutProperty =
                "{\"event\":\"view\",\"properties\":{\"time\":"
                        + Instant.parse("2026-10-22T07:00:00Z").getEpochSecond()
                        + ",\"distinct_id\":\"u\",\"$insert_id\":\"old SDK\"}}";
        mixpanel.addEvents(
                event("a", "2026-10-20T09:00:00Z", "2026-10-20T09:00:01Z"),
                event("b", "2026-10-20T23:00:00Z", "2026-10-20T23:00:01Z"),
                event("c", "2026-10-22T08:00:00Z", "2026-10-22T08:00:01Z"));
        mixpanel.addDay(LocalDate.parse("2026-10-22"), (withoutProperty + "\n").getBytes());
        String uri = arrival(TODAY);
        collect(uri);
        poll();
        List<String> polls = new ArrayList<>();
        for (int day = 21; day <= 31; day++) {
            for (String hour : List.of("00:30", "01:30", "12:00")) {
                polls.add("2026-10-" + day + "T" + hour + ":00Z");
            }
        }
        for (String poll : polls) {
            pollAt(poll, uri);
            if (poll.startsWith("2026-10-22T12")) {
                assertThat(ids()).containsExactly("a", "b", "c");
            }
        }

        assertThat(ids()).containsExactly("a", "b", "c", "old SDK");
        assertThat(arrivalQueries()).as("one a poll").hasSize(polls.size());
        assertThat(
                        dayQueries().stream()
                                .map(
                                        q ->
                                                q.fromDate()
                                                        + " at "
                                                        + q.at().truncatedTo(ChronoUnit.HOURS)))
                .as("a day's last export, and today's first")
                .containsExactly(
                        "2026-10-20 at 2026-10-20T10:00:00Z",
                        "2026-10-20 at 2026-10-26T01:00:00Z",
                        "2026-10-21 at 2026-10-27T01:00:00Z",
                        "2026-10-22 at 2026-10-28T01:00:00Z",
                        "2026-10-23 at 2026-10-29T01:00:00Z",
                        "2026-10-24 at 2026-10-30T01:00:00Z",
                        "2026-10-25 at 2026-10-31T01:00:00Z");
    }

    @Test
    void asksForNoLessThanTheUserDid() throws Exception {
        mixpanel.addEvents(
                event("a", "2026-10-20T09:00:00Z", "2026-10-20T09:00:01Z"),
                event("b", "2026-10-20T10:01:00Z", "2026-10-20T10:01:01Z"),
                event("c", "2026-10-19T10:01:00Z", "2026-10-20T10:20:01Z"));
        String uri =
                arrival(
                        TODAY,
                        "where=RAW(properties[\"$insert_id\"] == \"b\" or properties[\"$insert_id\"] == \"x\")");
        collect(uri);
        poll();
        pollAt("2026-10-20T10:15:00Z", uri);
        pollAt("2026-10-20T10:30:00Z", uri);

        assertThat(ids()).containsExactly("b");
        assertThat(arrivalQueries().get(0).where())
                .startsWith(
                        "(properties[\"$insert_id\"] == \"b\" or properties[\"$insert_id\"] == \"x\") and ");
        assertThat(mixpanel.queries()).allMatch(query -> query.status() == 200);
    }

    @Test
    void movesOnWithEmptyAnswers() throws Exception {
        String uri = arrival(TODAY);
        collect(uri);
        poll();
        for (String minute : List.of("15", "30", "45")) {
            pollAt("2026-10-20T10:" + minute + ":00Z", uri);
        }

        assertThat(arrivalQueries().stream().map(ArrivalTestSupport::span))
                .containsExactly(
                        new Span(
                                Instant.parse("2026-10-20T08:00:00Z"),
                                Instant.parse("2026-10-20T10:15:00Z")),
                        new Span(
                                Instant.parse("2026-10-20T08:15:00Z"),
                                Instant.parse("2026-10-20T10:30:00Z")),
                        new Span(
                                Instant.parse("2026-10-20T08:30:00Z"),
                                Instant.parse("2026-10-20T10:45:00Z")));
        assertThat(received).isEmpty();
    }

    @Test
    void catchesUpAfterALongStopWithoutAnEndlessDownload() throws Exception {
        String uri = arrival(TODAY, "windowDays=2");
        mixpanel.addEvents(
                event("a", "2026-10-20T09:00:00Z", "2026-10-20T09:00:01Z"),
                event("b", "2026-10-20T08:00:00Z", "2026-10-24T08:00:01Z"),
                event("c", "2026-10-25T08:00:00Z", "2026-10-25T08:00:01Z"));
        collect(uri);
        poll();
        pollAt("2026-10-20T10:15:00Z", uri);
        pollAt("2026-10-25T10:15:00Z", uri);

        assertThat(ids()).containsExactly("a", "b", "c");
        assertThat(arrivalQueries().stream().map(ArrivalTestSupport::span).skip(1))
                .as("no more than two days and the overlap each, all in one poll")
                .containsExactly(
                        new Span(
                                Instant.parse("2026-10-20T08:15:00Z"),
                                Instant.parse("2026-10-22T10:15:00Z")),
                        new Span(
                                Instant.parse("2026-10-22T08:15:00Z"),
                                Instant.parse("2026-10-24T10:15:00Z")),
                        new Span(Instant.parse("2026-10-24T08:15:00Z"), lastSpan().to()));
        assertThat(lastSpan().to())
                .isBetween(
                        Instant.parse("2026-10-25T10:15:00Z"),
                        arrivalQueries().get(arrivalQueries().size() - 1).at());
        assertThat(dayQueries()).hasSize(1);
    }

    @Test
    void endsWithTheReachOfTheLastDay() throws Exception {
        String uri = arrival("2026-10-18", "arrivalDays=2").replace("2026-12-31", "2026-10-19");
        mixpanel.addEvents(event("a", "2026-10-19T09:00:00Z", "2026-10-21T09:00:01Z"));
        collect(uri);
        poll();
        pollAt("2026-10-20T12:00:00Z", uri);
        pollAt("2026-10-21T12:00:00Z", uri);
        assertThat(ids()).containsExactly("a");
        for (int day = 22; day <= 31; day++) {
            pollAt("2026-10-" + day + "T12:00:00Z", uri);
        }

        assertThat(arrivalQueries()).isNotEmpty();
        assertThat(arrivalQueries())
                .allMatch(query -> !query.toDate().isAfter(LocalDate.parse("2026-10-19")));
        Query last = arrivalQueries().get(arrivalQueries().size() - 1);
        assertThat(last.at()).isBefore("2026-10-24T00:00:00Z");
        assertThat(dayQueries()).as("two days, twice").hasSize(4);
    }
}
