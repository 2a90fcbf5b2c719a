package io.github.camelmixpanel.export.internal.observe;

import io.github.camelmixpanel.export.internal.model.ExportSnapshot;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;

/**
 * Every export of a CamelContext that has a consumer, by name, whichever component instance made
 * it: for the console, the status page and whatever else shows them. Thread-safe.
 */
public final class ObservedExports {

    private final ConcurrentSkipListMap<String, Export> exports = new ConcurrentSkipListMap<>();

    /**
     * One of them.
     *
     * @param snapshot empty as long as the export was never started
     */
    public record Export(Endpoint endpoint, Supplier<Optional<ExportSnapshot>> snapshot) {}

    private ObservedExports() {}

    /** Those of this context. */
    public static ObservedExports of(CamelContext context) {
        synchronized (context.getCamelContextExtension()) {
            ObservedExports known =
                    context.getCamelContextExtension().getContextPlugin(ObservedExports.class);
            if (known == null) {
                known = new ObservedExports();
                context.getCamelContextExtension().addContextPlugin(ObservedExports.class, known);
            }
            return known;
        }
    }

    /** Adds a consumer's export; of two consumers with one name, the running one is shown. */
    public void add(String name, Export export, boolean running) {
        if (running) {
            exports.put(name, export);
        } else {
            exports.putIfAbsent(name, export);
        }
    }

    public void remove(String name, Export export) {
        exports.remove(name, export);
    }

    public SortedMap<String, Export> byName() {
        return Collections.unmodifiableSortedMap(exports);
    }

    /** The state of every export that was ever started, in the order of their names. */
    public List<ExportSnapshot> snapshots() {
        return exports.values().stream().flatMap(it -> it.snapshot().get().stream()).toList();
    }
}
