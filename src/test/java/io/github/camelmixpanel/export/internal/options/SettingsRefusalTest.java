package io.github.camelmixpanel.export.internal.options;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.camelmixpanel.export.MixpanelExportConfiguration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Options that an export does not start with, and what it says. */
class SettingsRefusalTest {

    @ParameterizedTest(name = "{1}")
    @MethodSource("rows")
    void refuses(Consumer<MixpanelExportConfiguration> change, String message) {
        MixpanelExportConfiguration options = SettingsReaderTest.complete();
        change.accept(options);

        assertThatThrownBy(() -> new SettingsReader(warning -> {}).read("shop", options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    static Stream<Arguments> rows() {
        return Stream.of(transportRows(), queryRows(), windowRows(), numberRows(), sizeRows())
                .flatMap(rows -> rows);
    }

    private static Stream<Arguments> transportRows() {
        String time = "; allowed is a time from 1ms to ";
        return Stream.of(
                row(o -> o.setConnectTimeout(0), "Option connectTimeout is '0 ms'" + time + "1h"),
                row(
                        o -> o.setResponseTimeout(-1),
                        "Option responseTimeout is '-1 ms'" + time + "24h"),
                row(o -> o.setWindowTimeout(0), "Option windowTimeout is '0 ms'" + time + "7d"),
                row(o -> o.setRetryDelay(0), "Option retryDelay is '0 ms'" + time + "24h"),
                row(
                        o -> o.setTaskStartTimeout(60_001),
                        "Option taskStartTimeout is '60001 ms'" + time + "1m"),
                row(
                        o -> o.setProxyAuthMethod("basci"),
                        "Option proxyAuthMethod is 'basci'; allowed is Basic, Digest, NTLM"),
                row(
                        o -> o.setProxyHost("proxy.example.com"),
                        "Option proxyPort is missing; a proxy needs both proxyHost and proxyPort"),
                row(
                        o -> o.setProxyPort(3128),
                        "Option proxyHost is missing; a proxy needs both proxyHost and proxyPort"),
                row(
                        o -> o.setProxyPort(65_536),
                        "Option proxyPort is '65536'; allowed is a number from 1 to 65535"));
    }

    private static Stream<Arguments> queryRows() {
        String array =
                "; allowed is a comma list, or, as it begins with [, a JSON array of one or more names:"
                        + " [\"Sign Up\",\"[A] Buy\"]";
        return Stream.of(
                row(
                        o -> o.setEvents("a,,b"),
                        "Option events is 'a,,b'; allowed is a list without empty names"),
                row(
                        o -> o.setEvents("[\"\"]"),
                        "Option events is '[\"\"]'; allowed is a list without empty names"),
                row(
                        o -> o.setEvents("[Adjust] Install"),
                        "Option events is '[Adjust] Install'" + array),
                row(o -> o.setEvents("[\"a\"] b"), "Option events is '[\"a\"] b'" + array),
                row(o -> o.setEvents("[]"), "Option events is '[]'" + array),
                row(o -> o.setEvents("[1]"), "Option events is '[1]'" + array),
                row(
                        o -> o.setEvents("a\nb"),
                        "Option events holds a control character, such as a line end, in a name; remove it"),
                row(
                        o -> o.setEvents("[\"a\\u0000\"]"),
                        "Option events holds a control character, such as a line end, in a name; remove it"),
                row(
                        o -> o.setWhere("true\r\nor false"),
                        "Option where holds a control character, such as a line end; write the expression on one"
                                + " line"),
                row(
                        o -> o.setLimit(0),
                        "Option limit is '0'; allowed is a number from 1 to 100000"),
                row(
                        o -> o.setLimit(100_001),
                        "Option limit is '100001'; allowed is a number from 1 to 100000"));
    }

    private static Stream<Arguments> windowRows() {
        String from =
                "; allowed is a date such as 2026-10-31, or a period back from the day of the first poll such"
                        + " as P30D, P4W or P1Y";
        return Stream.of(
                row(o -> o.setFromDate("2026-02-30"), "Option fromDate is '2026-02-30'" + from),
                row(o -> o.setFromDate("yesterday"), "Option fromDate is 'yesterday'" + from),
                row(o -> o.setFromDate("-P30D"), "Option fromDate is '-P30D'" + from),
                row(o -> o.setFromDate("P-30D"), "Option fromDate is 'P-30D'" + from),
                row(o -> o.setFromDate("P1M-5D"), "Option fromDate is 'P1M-5D'" + from),
                row(o -> o.setFromDate("P0D"), "Option fromDate is 'P0D'" + from),
                row(o -> o.setFromDate("P"), "Option fromDate is 'P'" + from),
                row(o -> o.setFromDate("PT12H"), "Option fromDate is 'PT12H'" + from),
                row(
                        o -> o.setToDate("P1D"),
                        "Option toDate is 'P1D'; allowed is a date such as 2026-10-31"),
                row(
                        o -> o.setToDate("31.10.2026"),
                        "Option toDate is '31.10.2026'; allowed is a date such as 2026-10-31"),
                row(
                        o -> {
                            o.setFromDate("2026-10-02");
                            o.setToDate("2026-10-01");
                        },
                        "Option fromDate is '2026-10-02', after toDate, which is '2026-10-01'; allowed is the same day"
                                + " or an earlier one"),
                row(
                        o -> o.setLookbackDays(432_000_000),
                        "Option lookbackDays is '432000000'; allowed is a number from 1 to 3660"),
                row(
                        o -> o.setWindowDays("a week"),
                        "Option windowDays is 'a week'; allowed is auto, or a number of days"),
                row(
                        o -> o.setWindowSize("0MB"),
                        "Option windowSize is '0MB'; allowed is a size from 1 byte to 1 TB, in bytes"
                                + " or with a unit: 8388608, 512KB, 8MB, 20GB"),
                row(
                        o -> o.setWindowDays("0"),
                        "Option windowDays is '0'; allowed is a number from 1 to 3660"),
                row(
                        o -> o.setTimeZone("Mars/Olympus"),
                        "Option timeZone is 'Mars/Olympus'; allowed is a time zone such as UTC or Europe/Berlin"),
                row(
                        o -> o.setTimeZone(" "),
                        "Option timeZone is empty; leave it out for its default"),
                row(
                        o -> o.setBackfillOrder(null),
                        "Option backfillOrder is empty; leave it out for its default"));
    }

    private static Stream<Arguments> numberRows() {
        return Stream.of(
                row(
                        o -> o.setQueriesPerHour(0),
                        "Option queriesPerHour is '0'; allowed is a number from 1 to 1000000"),
                row(
                        o -> o.setQueriesPerSecond(-3),
                        "Option queriesPerSecond is '-3'; allowed is a number from 1 to 1000000"),
                row(
                        o -> o.setMaxConcurrentQueries(0),
                        "Option maxConcurrentQueries is '0'; allowed is a number from 1 to 10000"),
                row(
                        o -> o.setMaxConcurrentWindows(0),
                        "Option maxConcurrentWindows is '0'; allowed is a number from 1 to 10000"),
                row(
                        o -> {
                            o.setMaxConcurrentQueries(2);
                            o.setMaxConcurrentWindows(3);
                        },
                        "Option maxConcurrentWindows is '3'; allowed is at most maxConcurrentQueries, which is 2"),
                row(
                        o -> o.setMaxRetries(-1),
                        "Option maxRetries is '-1'; allowed is a number from 0 to 10000"),
                row(
                        o -> o.setMaxInFlight(0),
                        "Option maxInFlight is '0'; allowed is a number from 1 to 1000000"),
                row(
                        o -> o.setBatchSize(0),
                        "Option batchSize is '0'; allowed is a number from 1 to 1000000"),
                row(
                        o -> o.setMaxMessagesPerPoll(-1),
                        "Option maxMessagesPerPoll is '-1'; allowed is a number from 0 to 100000000"));
    }

    private static Stream<Arguments> sizeRows() {
        return Stream.of(
                lineSizeRow("0"),
                lineSizeRow("-1"),
                lineSizeRow("8 megabytes"),
                lineSizeRow("1.5MB"),
                lineSizeRow("2GB"),
                lineSizeRow("99999999999999999999"),
                row(
                        o -> o.setMaxLineSize(null),
                        "Option maxLineSize is empty; leave it out for its default"),
                row(
                        o -> o.setMaxSpoolSize("1025TB"),
                        "Option maxSpoolSize is '1025TB'; allowed is a size from 1 byte to 1024 TB, in bytes or with a"
                                + " unit: 8388608, 512KB, 8MB, 20GB"),
                row(
                        o -> o.setMaxInMemorySize("-1"),
                        "Option maxInMemorySize is '-1'; allowed is a size from 0 to 1 TB, in bytes or with a unit:"
                                + " 8388608, 512KB, 8MB, 20GB"),
                row(
                        o -> o.setStateDirectory("state\0"),
                        "Option stateDirectory is 'state\0'; allowed is the path of a directory"),
                row(
                        o -> o.setStateDirectory(""),
                        "Option stateDirectory is empty; leave it out for its default"));
    }

    private static Arguments lineSizeRow(String size) {
        return row(
                o -> o.setMaxLineSize(size),
                "Option maxLineSize is '"
                        + size
                        + "'; allowed is a size from 1 byte to 1 GB, in bytes or with a unit:"
                        + " 8388608, 512KB, 8MB, 20GB");
    }

    private static Arguments row(Consumer<MixpanelExportConfiguration> change, String message) {
        return arguments(change, message);
    }
}
