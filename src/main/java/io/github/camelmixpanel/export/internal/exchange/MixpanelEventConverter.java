package io.github.camelmixpanel.export.internal.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.camel.Converter;

/**
 * Converts an event, or a batch of events, to the types that other components need, without loss,
 * as the methods of {@link EventBody} and {@link MixpanelEvents} say. Stateless and thread-safe.
 */
@Converter(generateLoader = true)
public final class MixpanelEventConverter {

    private MixpanelEventConverter() {}

    @Converter
    public static String toString(EventBody event) {
        return event.toString();
    }

    @Converter
    public static byte[] toByteArray(EventBody event) {
        return event.toBytes();
    }

    @Converter
    public static InputStream toInputStream(EventBody event) {
        return event.toStream();
    }

    @Converter
    public static ByteBuffer toByteBuffer(EventBody event) {
        return ByteBuffer.wrap(event.toBytes());
    }

    @Converter
    public static JsonNode toJsonNode(EventBody event) throws IOException {
        return event.toTree();
    }

    @Converter
    public static String toString(MixpanelEvents events) {
        return events.toString();
    }

    @Converter
    public static byte[] toByteArray(MixpanelEvents events) {
        return events.toBytes();
    }

    @Converter
    public static InputStream toInputStream(MixpanelEvents events) {
        return new ByteArrayInputStream(events.toBytes());
    }

    @Converter
    public static ByteBuffer toByteBuffer(MixpanelEvents events) {
        return ByteBuffer.wrap(events.toBytes());
    }
}
