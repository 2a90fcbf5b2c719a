package io.github.camelmixpanel.export.internal.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.settings.ExportQuery;
import java.net.URI;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryParametersTest {

    private static final Window WEEK =
            new Window(LocalDate.parse("2026-10-05"), LocalDate.parse("2026-10-11"));

    @Test
    void asksForTheDaysOfTheProjectAndNothingElseByDefault() {
        assertThat(
                        QueryParameters.of(
                                WEEK, new ExportQuery(List.of(), null, null, false, true), "123"))
                .isEqualTo("from_date=2026-10-05&to_date=2026-10-11&project_id=123");
    }

    @Test
    void sendsEveryOption() {
        ExportQuery query =
                new ExportQuery(
                        List.of("page view", "checkout"), "properties[\"a\"] > 1", 10, true, false);

        assertThat(QueryParameters.of(WEEK, query, "123"))
                .isEqualTo(
                        "from_date=2026-10-05&to_date=2026-10-11&project_id=123"
                                + "&event=%5B%22page%20view%22%2C%22checkout%22%5D"
                                + "&where=properties%5B%22a%22%5D%20%3E%201&limit=10&time_in_ms=true");
    }

    /** Events of a wanted name may be in a hot shard, under the name of all that are. */
    @Test
    void asksForHotShardsTooWhereNamesAreGiven() {
        assertThat(events(true, "buy")).isEqualTo("[\"buy\",\"$hotshard_events\"]");
        assertThat(events(true, "$hotshard_events", "buy"))
                .isEqualTo("[\"$hotshard_events\",\"buy\"]");
        assertThat(events(false, "buy")).isEqualTo("[\"buy\"]");
    }

    private static String events(boolean restoreHotShards, String... names) {
        ExportQuery query = new ExportQuery(List.of(names), null, null, false, restoreHotShards);
        String parameters = QueryParameters.of(WEEK, query, "123");
        return URI.create("http://localhost/?" + parameters).getQuery().split("event=")[1];
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a&to_date=2030-01-01",
                "a#b",
                "a\"]&x=[\"",
                "a\\",
                "a=b",
                "naïve 東京",
                "a\r\nHost: x"
            })
    void letsNoValueBecomeAnotherParameter(String value) {
        ExportQuery query = new ExportQuery(List.of(value), value, null, false, false);

        String parameters = QueryParameters.of(WEEK, query, value);

        assertThat(parameters.split("&")).hasSize(5);
        assertThat(parameters).matches("[\\x21-\\x7e]*");
        assertThat(URI.create("http://localhost/?" + parameters).getQuery())
                .contains("where=" + value)
                .contains("project_id=" + value);
    }
}
