package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events that Mixpanel has moved to a hot shard, under another name. */
class HotShardsTest extends ExportTestSupport {

    private static final String DAY = "2026-10-01";

    private final List<Map<?, ?>> summaries = Collections.synchronizedList(new ArrayList<>());

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().inOrder();
    }

    @BeforeEach
    void addEvents() {
        mixpanel.addEvents(
                event("buy", null, 1),
                event("$hotshard_events", "buy", 2),
                event("$hotshard_events", "view", 3),
                event("$hotshard_events", null, 4),
                event("view", null, 5));
    }

    private static String event(String name, String original, int number) {
        long time = LocalDate.parse(DAY).toEpochDay() * 86_400 + number;
        return "{\"event\":\""
                + name
                + "\",\"properties\":{\"time\":"
                + time
                + ",\"distinct_id\":\"u\",\"$insert_id\":\"i"
                + number
                + "\""
                + (original == null ? "" : ",\"mp_original_event_name\":\"" + original + "\"")
                + "}}";
    }

    private void export(String... options) throws Exception {
        String[] all = java.util.Arrays.copyOf(options, options.length + 2);
        all[options.length] = "repeatCount=1";
        all[options.length + 1] = "windowComplete=true";
        String uri = uri(DAY, DAY, all);
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri)
                                .routeId("export")
                                .process(
                                        e -> {
                                            if (e.getMessage().getBody() instanceof MixpanelEvent) {
                                                received.add(Received.of(e));
                                            } else {
                                                summaries.add(e.getMessage().getBody(Map.class));
                                            }
                                        });
                    }
                });
        context.start();
        await().until(() -> consumer().isFirstPollDone());
    }

    private List<String> names() {
        return received.stream()
                .map(it -> it.header(MixpanelExportConstants.EVENT_NAME) + " " + number(it))
                .toList();
    }

    private static String number(Received event) {
        return event.header(MixpanelExportConstants.INSERT_ID).toString();
    }

    private String asked() {
        return mixpanel.queries().get(mixpanel.queries().size() - 1).parameters().get("event");
    }

    @Test
    void goByTheNameTheyCameWith() throws Exception {
        export();

        assertThat(asked()).isNull();
        assertThat(names())
                .containsExactly("buy i1", "buy i2", "view i3", "$hotshard_events i4", "view i5");
        assertThat(bodies().get(1)).isEqualTo(event("$hotshard_events", "buy", 2));
    }

    @Test
    void comeWhenTheirFirstNameIsAskedForAndOthersDoNot() throws Exception {
        export("events=buy");

        assertThat(asked()).isEqualTo("[\"buy\",\"$hotshard_events\"]");
        assertThat(names()).containsExactly("buy i1", "buy i2");
        assertThat(summaries).hasSize(1);
        assertThat(summaries.get(0).get("events")).isEqualTo(2L);
        assertThat(summaries.get(0).get("emitted")).isEqualTo(2L);
        assertThat(summaries.get(0).get("duplicates")).isEqualTo(0L);
        assertThat(summaries.get(0).get("otherEvents")).isEqualTo(2L);
    }

    @Test
    void allComeWhenAskedForByTheirSecondName() throws Exception {
        export("events=$hotshard_events");

        assertThat(names()).containsExactly("buy i2", "view i3", "$hotshard_events i4");
    }

    @Test
    void areLeftAloneWhenToldSo() throws Exception {
        export("events=buy", "restoreHotShards=false");

        assertThat(asked()).isEqualTo("[\"buy\"]");
        assertThat(names()).containsExactly("buy i1");
        restart();
        mixpanel.reset();

        received.clear();
        export("restoreHotShards=false", "onQueryChange=REEXPORT", "deduplicate=false");
        assertThat(names()).contains("$hotshard_events i2", "$hotshard_events i3");
    }

    @Test
    void areAnotherQueryWhereEventsAreChosenByName() throws Exception {
        export("events=buy");
        restart();

        assertThatThrownBy(() -> export("events=buy", "restoreHotShards=false"))
                .rootCause()
                .hasMessageContaining("restoreHotShards: was \"true\", now \"false\"");
    }

    @Test
    void areTheSameQueryWhereAllEventsAreAskedFor() throws Exception {
        export();
        restart();
        export("restoreHotShards=false");

        assertThat(received).as("nothing is exported again").hasSize(5);
    }
}
