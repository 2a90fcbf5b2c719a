package io.github.camelmixpanel.export.internal.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelmixpanel.export.internal.model.DayStatus;
import io.github.camelmixpanel.export.internal.model.ExportSnapshot;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.model.WindowState;
import io.github.camelmixpanel.export.internal.model.WindowStatus;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class SnapshotJsonTest {

    private static final LocalDate FIRST = LocalDate.parse("2024-12-01");
    private static final int TWO_YEARS = 730;
    private static final int MOST_BYTES = 30_000;

    /** The page asks for it every other second. */
    @Test
    void isSmallForAPageThatHasTheOtherMonths() throws Exception {
        JsonNode all = json(request("page").status(snapshot(300)));
        assertThat(all.get("days")).hasSize(TWO_YEARS);
        assertThat(all.get("windows")).as("those nobody works on are days").isEmpty();
        assertThat(all.at("/due/days").asInt()).isEqualTo(TWO_YEARS - 300);

        String tags = tags(all);
        JsonNode same = json(request("page other=2024-12.x.y " + tags).status(snapshot(300)));
        assertThat(same.get("days")).isEmpty();
        assertThat(same.get("months")).hasSize(24).isEqualTo(all.get("months"));
        assertThat(same.toString().length()).isLessThan(MOST_BYTES / 5);

        JsonNode next = json(request("page " + tags).status(snapshot(301)));
        assertThat(next.get("days")).hasSize(30);
        assertThat(next.at("/days/0/day").asText()).isEqualTo("2025-09-01");
        assertThat(next.toString().length()).isLessThan(MOST_BYTES);
        assertThat(tags.length()).as("of a header").isLessThan(300);
    }

    @Test
    void isWholeForAnybodyElseAndForAPageThatKnowsOtherMonths() throws Exception {
        assertThat(json(request(null).status(snapshot(300))).get("windows"))
                .hasSize(TWO_YEARS - 300);
        assertThat(json(request(null).status(snapshot(300))).get("days")).hasSize(TWO_YEARS);
        String later =
                tags(json(request("page").status(snapshot(300)))).replace("2024-12.", "2025-01.");
        assertThat(json(request("page " + later).status(snapshot(300))).get("days"))
                .hasSize(TWO_YEARS);
        assertThat(json(request("page test= =.. test").status(snapshot(300))).get("days"))
                .hasSize(TWO_YEARS);
    }

    private static String tags(JsonNode sent) {
        List<String> parts = new ArrayList<>();
        sent.get("months").properties().forEach(it -> parts.add(it.getValue().asText()));
        return "test=" + sent.get("months").fieldNames().next() + '.' + String.join(".", parts);
    }

    private static JsonNode json(Object status) throws Exception {
        return new ObjectMapper()
                .readTree(((org.apache.camel.util.json.JsonObject) status).toJson());
    }

    private static PageRequest request(String has) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        Message message = exchange.getMessage();
        message.setHeader(Exchange.HTTP_URI, "/status.json");
        message.setHeader(PageRequest.OWN_HEADER, has);
        return new PageRequest(message);
    }

    private static ExportSnapshot snapshot(int exported) {
        ExportSnapshot none =
                ExportSnapshot.unopened("test", Instant.parse("2026-11-30T03:00:00Z"));
        List<DayStatus> days =
                Stream.iterate(0, i -> i < TWO_YEARS, i -> i + 1)
                        .map(i -> day(i, i < exported))
                        .toList();
        List<WindowStatus> due =
                days.stream()
                        .filter(it -> it.lastCommit().generation() == 0)
                        .map(
                                it ->
                                        new WindowStatus(
                                                it.window(),
                                                "backfill",
                                                WindowState.PLANNED,
                                                1,
                                                new WindowStatus.Download(false, 0, 0, 0),
                                                0,
                                                Optional.empty(),
                                                Optional.empty()))
                        .toList();
        return new ExportSnapshot(
                none.export(),
                none.at(),
                ExportSnapshot.Activity.POLLING,
                none.counts(),
                none.quota(),
                new ExportSnapshot.Usage(0, 1000, 0, 1),
                none.pace(),
                new ExportSnapshot.Work(due, days, List.of(), List.of(), none.verdict()));
    }

    private static DayStatus day(int i, boolean exported) {
        LocalDate day = FIRST.plusDays(i);
        return new DayStatus(
                day,
                exported ? WindowState.COMMITTED : WindowState.PLANNED,
                exported,
                Window.ofDay(day),
                exported
                        ? new DayStatus.LastCommit(
                                1,
                                123_456,
                                0,
                                Optional.of(123_456L),
                                Optional.of(12_345_678L),
                                Optional.of(Instant.parse("2026-11-29T10:11:12Z")))
                        : DayStatus.LastCommit.NONE);
    }
}
