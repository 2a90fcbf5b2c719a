package io.github.camelmixpanel.export.simulator;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Which of the lines an answer has, in which order, and how they are written. Immutable. */
@FunctionalInterface
interface AnswerLines {

    /** As they were added. */
    AnswerLines AS_ADDED = (blocks, now) -> blocks;

    /**
     * @param blocks of whole lines
     * @return the lines of the answer in blocks
     */
    List<byte[]> of(List<byte[]> blocks, Instant now);

    /** Another order at each instant, the same for the same seed and instant. */
    static AnswerLines shuffled(long seed) {
        return (blocks, now) -> {
            List<byte[]> lines = lines(blocks);
            Collections.shuffle(lines, random(seed, now));
            return lines;
        };
    }

    /** These, with the members of each event in another order at each instant. */
    default AnswerLines withMembersShuffled(long seed) {
        return (blocks, now) -> {
            Random random = random(seed + 1, now);
            List<byte[]> lines = lines(of(blocks, now));
            lines.replaceAll(
                    line ->
                            StoredEvent.parse(line).isPresent()
                                    ? MemberOrder.shuffled(line, random)
                                    : line);
            return lines;
        };
    }

    /** These without a share of the events that are younger than this, at each instant others. */
    default AnswerLines without(double share, Duration younger, long seed) {
        return (blocks, now) -> {
            Random random = random(seed + 2, now);
            BigDecimal since = BigDecimal.valueOf(now.minus(younger).getEpochSecond());
            List<byte[]> lines = lines(of(blocks, now));
            lines.removeIf(line -> random.nextDouble() < share && isAfter(since, line));
            return lines;
        };
    }

    private static boolean isAfter(BigDecimal seconds, byte[] line) {
        return StoredEvent.parse(line)
                .flatMap(StoredEvent::seconds)
                .filter(time -> time.compareTo(seconds) > 0)
                .isPresent();
    }

    private static Random random(long seed, Instant now) {
        return new Random(seed * 31 + now.toEpochMilli());
    }

    private static List<byte[]> lines(List<byte[]> blocks) {
        List<byte[]> lines = new ArrayList<>();
        for (byte[] block : blocks) {
            int start = 0;
            for (int i = 0; i < block.length; i++) {
                if (block[i] == '\n') {
                    lines.add(Arrays.copyOfRange(block, start, i + 1));
                    start = i + 1;
                }
            }
        }
        return lines;
    }
}
