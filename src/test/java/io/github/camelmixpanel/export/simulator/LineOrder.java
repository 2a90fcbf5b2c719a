package io.github.camelmixpanel.export.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** In which order an answer has its lines. Immutable. */
@FunctionalInterface
interface LineOrder {

    /** As they were added. */
    LineOrder AS_ADDED = (blocks, now) -> blocks;

    /**
     * @param blocks of whole lines
     * @return the same lines in blocks
     */
    List<byte[]> of(List<byte[]> blocks, Instant now);

    /** Another order at each instant, the same for the same seed and instant. */
    static LineOrder shuffled(long seed) {
        return (blocks, now) -> {
            List<byte[]> lines = new ArrayList<>();
            blocks.forEach(block -> addLines(block, lines));
            Collections.shuffle(lines, new Random(seed * 31 + now.toEpochMilli()));
            return lines;
        };
    }

    private static void addLines(byte[] block, List<byte[]> lines) {
        int start = 0;
        for (int i = 0; i < block.length; i++) {
            if (block[i] == '\n') {
                lines.add(Arrays.copyOfRange(block, start, i + 1));
                start = i + 1;
            }
        }
    }
}
