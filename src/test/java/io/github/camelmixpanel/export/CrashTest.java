package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.Answer;
import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.testkit.ForkedExport;
import io.github.camelmixpanel.export.testkit.FullBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * An application killed with -9 and started again: nothing lost, repeats within the promise, no
 * query wasted.
 */
@Tag(FullBuild.TAG)
class CrashTest extends ExportTestSupport {

    private static final String DAY = "2026-10-05";

    private Path out;

    private ForkedExport fork(String uri, String... jvmOptions) throws IOException {
        out = temp.resolve("out.jsonl");
        return ForkedExport.start(uri, out, temp.resolve("log.txt"), jvmOptions);
    }

    private long written() throws IOException {
        if (Files.notExists(out)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(out)) {
            return lines.count();
        }
    }

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().inOrder();
    }

    @Test
    void beforeTheAnswerItAsksAgain() throws Exception {
        killedDuring(Answer.blockUntil(new CountDownLatch(1)));
    }

    @Test
    void duringTheDownloadItAsksAgain() throws Exception {
        killedDuring(Answer.blockAfter(0.5, new CountDownLatch(1)));
    }

    private void killedDuring(Answer answer) throws Exception {
        mixpanel.addEvents(lines(DAY, 500));
        mixpanel.answer(answer);
        String uri = uri(DAY, DAY, "repeatCount=1");
        try (ForkedExport first = fork(uri)) {
            await().until(() -> mixpanel.queries().size() == 1);
            first.kill();
        }
        assertThat(written()).isZero();

        try (ForkedExport second = fork(uri)) {
            second.awaitEnd();
        }
        assertThat(Files.readAllLines(out)).containsExactly(lines(DAY, 500));
        assertThat(mixpanel.queries()).hasSize(2);
    }

    @Test
    void afterTheDownloadItEmitsWithoutAnotherQuery() throws Exception {
        mixpanel.addEvents(lines(DAY, 500));
        String uri = uri(DAY, DAY, "repeatCount=1");
        try (ForkedExport first = fork(uri, "-DblockAt=1")) {
            await().until(this::isInTheLedger);
            first.kill();
        }
        assertThat(written()).isZero();

        try (ForkedExport second = fork(uri)) {
            second.awaitEnd();
            assertThat(second.log()).doesNotContain("Exception");
        }
        assertThat(Files.readAllLines(out)).containsExactly(lines(DAY, 500));
        assertThat(mixpanel.queries()).hasSize(1);
    }

    private boolean isInTheLedger() throws IOException {
        Path ledger = state().resolve("exports/test/ledger.jsonl");
        return Files.exists(ledger) && Files.readString(ledger).contains("\"spooled\"");
    }

    @Test
    void inMidEmissionItRepeatsNoMoreThanThePromise() throws Exception {
        mixpanel.addEvents(lines(DAY, 5_000));
        String uri = uri(DAY, DAY, "repeatCount=1");
        try (ForkedExport first = fork(uri, "-Dpause=1")) {
            await().until(() -> written() > 3_000);
            first.kill();
        }
        long before = written();
        try (ForkedExport second = fork(uri)) {
            second.awaitEnd();
        }

        List<String> all = Files.readAllLines(out);
        assertThat(new HashSet<>(all)).isEqualTo(Set.of(lines(DAY, 5_000)));
        // one in flight, and those acknowledged in the last second: at most 1,000 when each takes 1
        // ms
        assertThat(all.size() - 5_000L).isBetween(0L, Math.min(before, 1_001L));
        assertThat(mixpanel.queries()).hasSize(1);
    }

    @Test
    void inMidEmissionItRepeatsNoMoreBatchesThanThePromise() throws Exception {
        mixpanel.addEvents(lines(DAY, 2_000));
        String uri = uri(DAY, DAY, "repeatCount=1", "batchSize=20");
        try (ForkedExport first = fork(uri, "-Dpause=50")) {
            await().until(() -> written() > 1_200);
            first.kill();
        }
        long before = written();
        try (ForkedExport second = fork(uri)) {
            second.awaitEnd();
        }

        List<String> all = Files.readAllLines(out);
        assertThat(new HashSet<>(all)).isEqualTo(Set.of(lines(DAY, 2_000)));
        // one batch in flight, and those of the last second: at most 20 when each takes 50 ms
        assertThat(all.size() - 2_000L).isBetween(0L, Math.min(before, 21 * 20));
    }

    @Test
    void atAnyMomentItLosesNothing() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Set<String> expected = new HashSet<>();
        for (int day = 1; day <= 6; day++) {
            String[] lines = lines("2026-10-0" + day, 2_000);
            mixpanel.addEvents(lines);
            expected.addAll(Arrays.asList(lines));
        }
        String uri = uri("2026-10-01", "2026-10-06", "repeatCount=1");
        int kills = 5;
        for (int round = 0; round < kills; round++) {
            try (ForkedExport export = fork(uri, "-Dpause=1")) {
                long enough = written() + 1 + random.nextInt(1_500);
                await().until(() -> written() >= Math.min(enough, 12_000));
                export.kill();
            }
        }
        try (ForkedExport last = fork(uri)) {
            last.awaitEnd();
        }

        List<String> all = Files.readAllLines(out);
        // a kill may tear the line that is being written; the event comes again
        Set<String> found = new HashSet<>(all);
        assertThat(found.containsAll(expected)).as("seed %d", seed).isTrue();
        assertThat(all.size() - expected.size())
                .as("repeats, seed %d", seed)
                .isLessThanOrEqualTo(kills * 1_002);
        assertThat(mixpanel.queries().size())
                .as("a query for each window, and for each download that was killed; seed %d", seed)
                .isLessThanOrEqualTo(6 + 2 * kills);
    }

    @Test
    void forgetsNoQuery() throws Exception {
        String uri = uri("2026-08-01", "2026-10-29", "repeatCount=1");
        try (ForkedExport first = fork(uri)) {
            await().until(() -> mixpanel.queries().size() >= 30);
            first.kill();
        }
        try (ForkedExport second = fork(uri)) {
            await().until(() -> second.log().contains("60 of 60 queries used in the last hour"));
        }

        // a query whose start was written but never sent counts too
        assertThat(mixpanel.queries()).hasSizeBetween(58, 60);
        assertThat(mixpanel.refused()).isZero();
    }
}
