package io.github.camelmixpanel.export.internal.exchange;

import io.github.camelmixpanel.export.MixpanelEvent;
import io.github.camelmixpanel.export.internal.pipeline.route.EventBatch;
import java.io.Serial;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import java.util.stream.IntStream;

/**
 * The body of a message with more than one event: an unmodifiable list of them, which is also their
 * JSONL, each event as the bytes that Mixpanel sent and a newline after it. Thread-safe. Serialized
 * by Java, it becomes the JSONL, as text.
 */
public final class MixpanelEvents extends AbstractList<MixpanelEvent>
        implements RandomAccess, Serializable {

    @Serial private static final long serialVersionUID = 1;

    private final transient List<MixpanelEvent> events;

    public MixpanelEvents(List<MixpanelEvent> events) {
        this.events = List.copyOf(events);
    }

    static MixpanelEvents of(EventBatch handout) {
        return new MixpanelEvents(
                IntStream.range(0, handout.events().size())
                        .<MixpanelEvent>mapToObj(index -> EventBody.of(handout, index))
                        .toList());
    }

    @Override
    public MixpanelEvent get(int index) {
        return events.get(index);
    }

    @Override
    public int size() {
        return events.size();
    }

    /** The JSONL, in an array that the caller owns. */
    byte[] toBytes() {
        long length = events.stream().mapToLong(it -> it.json().length + 1L).sum();
        byte[] all = new byte[Math.toIntExact(length)];
        int end = 0;
        for (MixpanelEvent event : events) {
            byte[] json = event.json();
            System.arraycopy(json, 0, all, end, json.length);
            end += json.length;
            all[end++] = '\n';
        }
        return all;
    }

    @Serial
    private Object writeReplace() {
        return toString();
    }

    /** The JSONL; bytes that are not UTF-8 become U+FFFD. */
    @Override
    public String toString() {
        return new String(toBytes(), StandardCharsets.UTF_8);
    }
}
