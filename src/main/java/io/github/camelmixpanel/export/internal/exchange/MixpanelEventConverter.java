package io.github.camelmixpanel.export.internal.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.camel.Converter;

/**
 * Converts an event, or a batch of events, to the types that other components need, without loss.
 * Stateless and thread-safe.
 */
@Converter(generateLoader = true)
public final class MixpanelEventConverter {

    private MixpanelEventConverter() {}

    /** The JSON as text; bytes that are not UTF-8 become U+FFFD. */
    @Converter
    public static String toString(EventBody event) {
        return event.toString();
    }

    /** The bytes that Mixpanel sent, as an array that the caller owns. */
    @Converter
    public static byte[] toByteArray(EventBody event) {
        return event.toBytes();
    }

    /** The bytes that Mixpanel sent. */
    @Converter
    public static InputStream toInputStream(EventBody event) {
        return event.toStream();
    }

    /** The bytes that Mixpanel sent, in a buffer that the caller owns. */
    @Converter
    public static ByteBuffer toByteBuffer(EventBody event) {
        return ByteBuffer.wrap(event.toBytes());
    }

    /**
     * A tree that the caller owns.
     *
     * @throws IOException when Jackson refuses the JSON
     */
    @Converter
    public static JsonNode toJsonNode(EventBody event) throws IOException {
        return event.toTree();
    }

    /** The JSONL of a batch as text; bytes that are not UTF-8 become U+FFFD. */
    @Converter
    public static String toString(MixpanelEvents events) {
        return events.toString();
    }

    /** The JSONL of a batch, as an array that the caller owns. */
    @Converter
    public static byte[] toByteArray(MixpanelEvents events) {
        return events.toBytes();
    }

    /** The JSONL of a batch. */
    @Converter
    public static InputStream toInputStream(MixpanelEvents events) {
        return events.toStream();
    }

    /** The JSONL of a batch, in a buffer that the caller owns. */
    @Converter
    public static ByteBuffer toByteBuffer(MixpanelEvents events) {
        return ByteBuffer.wrap(events.toBytes());
    }
}
