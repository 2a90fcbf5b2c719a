package io.github.camelmixpanel.export.internal.pipeline.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelmixpanel.export.failure.TransientExportException;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.split.ChunkedStream;
import io.github.camelmixpanel.export.internal.spool.Spool;
import io.github.camelmixpanel.export.internal.spool.SpoolWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTeeTest {

    private static final Window DAY = Window.ofDay(LocalDate.of(2026, 10, 11));

    @TempDir Path folder;
    private final byte[] body = new byte[1_000];
    private final List<Integer> received = new ArrayList<>();
    private Spool spool;

    @BeforeEach
    void openSpool() throws Exception {
        new Random(1).nextBytes(body);
        spool = Spool.open(folder, 10_000);
    }

    @Test
    void fillsTheBufferWithWhatComesInPieces() throws Exception {
        byte[] buffer = new byte[400];
        try (SpoolWriter writer = SpoolWriter.create(spool, DAY, 1)) {
            InputStream spooling = spooling(writer, Integer.MAX_VALUE);

            assertThat(spooling.read(buffer, 0, 0)).as("nothing is not the end").isZero();
            assertThat(spooling.read(buffer, 0, 400)).isEqualTo(400);
            assertThat(writer.bytes()).as("in the spool before it can be read").isEqualTo(400);
            assertThat(spooling.read(buffer, 0, 400)).isEqualTo(400);
            assertThat(spooling.read(buffer, 0, 400)).as("the rest").isEqualTo(200);
            assertThat(buffer).startsWith(Arrays.copyOfRange(body, 800, 1_000));
            assertThat(spooling.read(buffer, 0, 400)).as("the end").isEqualTo(-1);
            assertThat(writer.bytes()).isEqualTo(1_000);
        }
    }

    /** So that a body whose bytes come one by one is ended in time. */
    @Test
    void asksAtEachPieceWhetherThereIsTime() throws Exception {
        try (SpoolWriter writer = SpoolWriter.create(spool, DAY, 1)) {
            InputStream spooling = spooling(writer, 3);

            assertThatThrownBy(() -> spooling.read(new byte[400], 0, 400))
                    .hasRootCauseMessage("too late");
            assertThat(received).containsExactly(1, 1, 1);
            assertThat(writer.bytes()).as("of a block that is not whole").isZero();
        }
    }

    private InputStream spooling(SpoolWriter writer, int pieces) {
        return new SpoolTee(
                        new ChunkedStream(body, new Random(1), 1),
                        writer,
                        new Recording(received, pieces))
                .spooled();
    }

    private record Recording(List<Integer> received, int pieces) implements DownloadGuard {

        @Override
        public void received(int bytes) throws TransientExportException {
            received.add(bytes);
            if (received.size() == pieces) {
                throw new TransientExportException("too late");
            }
        }

        @Override
        public void makeRoom() throws IOException {
            throw new IOException("there is room");
        }
    }
}
