package io.github.camelmixpanel.export.internal.spool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.split.scan.ParsedEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParkedEventsFileTest {

    private static final Window DAY = Window.ofDay(LocalDate.of(2026, 10, 5));

    @TempDir Path folder;
    private ParkedEvents parked;

    @BeforeEach
    void parkTen() throws Exception {
        parked = new ParkedEvents(folder.resolve("parked"), Disk.REAL);
        parked.add(DAY, 1, "abc", LongStream.rangeClosed(1, 10).mapToObj(this::event).toList());
    }

    private ExportEvent event(long line) {
        byte[] json = ("event of 16 by " + line % 10).getBytes(UTF_8);
        return new ParsedEvent(line, json, "a", null, "u", "i", ExportEvent.ReadTime.NONE, null);
    }

    private List<Long> lines(long after, long bytes) throws Exception {
        return parked.read(DAY, 1, after, bytes).stream().map(ParkedEvents.Parked::line).toList();
    }

    @Test
    void givesThoseBehindOthersUntilTheyAreEnough() throws Exception {
        assertThat(lines(0, 1)).containsExactly(1L);
        assertThat(lines(0, 16)).containsExactly(1L);
        assertThat(lines(0, 17)).containsExactly(1L, 2L);
        assertThat(lines(7, 1_000)).containsExactly(8L, 9L, 10L);
        assertThat(lines(10, 1_000)).isEmpty();
        assertThat(parked.read(DAY, 2, 0, 1_000)).as("another generation").isEmpty();
    }

    @Test
    void givesThemAsTheyWereParked() throws Exception {
        ParkedEvents.Parked third = parked.read(DAY, 1, 2, 1).get(0);

        assertThat(third.sha256()).isEqualTo("abc");
        assertThat(third.json()).isEqualTo(event(3).json());
    }

    @Test
    void doesNotGiveWhatACrashLeftHalf() throws Exception {
        Path file = folder.resolve("parked/2026-10-05.g1.tsv");
        Files.writeString(file, "11\tabc\t{\"ev", StandardOpenOption.APPEND);

        assertThat(lines(9, 1_000)).containsExactly(10L);
    }
}
