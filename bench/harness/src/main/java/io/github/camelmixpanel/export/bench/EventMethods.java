package io.github.camelmixpanel.export.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelmixpanel.export.internal.dedupe.key.DedupeKey;
import io.github.camelmixpanel.export.internal.dedupe.key.KeyMaker;
import io.github.camelmixpanel.export.internal.exchange.EventBody;
import io.github.camelmixpanel.export.internal.exchange.MixpanelEventConverter;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.split.LineReader;
import io.github.camelmixpanel.export.option.DedupeRecipe;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.infra.Blackhole;

/** What one event takes in each method that all events go through. */
public class EventMethods extends SampleMethods {

    private static final int MOST_BYTES = 8 << 20;

    private final KeyMaker keys = new KeyMaker(DedupeRecipe.MIXPANEL);
    private final ObjectMapper jackson = new ObjectMapper();
    private byte[] body;

    @Override
    protected void prepare() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] line : lines) {
            all.writeBytes(line);
            all.write('\n');
        }
        body = all.toByteArray();
    }

    /** A line of the body as an array of its own. */
    @Benchmark
    public void cutLine(Blackhole hole) throws IOException {
        try (LineReader reader = new LineReader(new ByteArrayInputStream(body), MOST_BYTES)) {
            for (byte[] line; (line = reader.next()) != null; ) {
                hole.consume(line);
            }
        }
    }

    /** The fields that become headers, and proof that the line is JSON. */
    @Benchmark
    public void findFields(Blackhole hole) throws Exception {
        for (byte[] line : lines) {
            hole.consume(scanner.scan(2, line));
        }
    }

    /** For comparison: the line as a tree, by Jackson. */
    @Benchmark
    public void jacksonTree(Blackhole hole) throws IOException {
        for (byte[] line : lines) {
            hole.consume(jackson.readTree(line));
        }
    }

    @Benchmark
    public void dedupeKey(Blackhole hole) {
        for (ExportEvent event : events) {
            DedupeKey key = keys.keyOf(event);
            hole.consume(key);
            hole.consume(keys.identity());
        }
    }

    @Benchmark
    public void toByteArray(Blackhole hole) {
        for (ExportEvent event : events) {
            hole.consume(MixpanelEventConverter.toByteArray(new EventBody(event, null)));
        }
    }

    @Benchmark
    public void toText(Blackhole hole) {
        for (ExportEvent event : events) {
            hole.consume(MixpanelEventConverter.toString(new EventBody(event, null)));
        }
    }

    @Benchmark
    public void toTree(Blackhole hole) throws IOException {
        for (ExportEvent event : events) {
            JsonNode tree = MixpanelEventConverter.toJsonNode(new EventBody(event, null));
            hole.consume(tree);
        }
    }

    /** One property, asked for through the map: parses the line. */
    @Benchmark
    public void toMap(Blackhole hole) {
        for (ExportEvent event : events) {
            Map<String, Object> properties = new EventBody(event, null).getProperties();
            hole.consume(properties.get("$os"));
        }
    }
}
