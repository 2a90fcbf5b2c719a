package io.github.camelmixpanel.export.simulator;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Runs a {@link MixpanelSimulator} for JUnit 5 tests, and fails a test in which the client broke
 * Mixpanel's limits.
 *
 * <p>Registered in a static field it runs from before all tests to after all; in an instance field,
 * for each test anew. After each test queries, counts, scripted answers and answers under way are
 * dropped, and events are again those of before the test and its {@code @BeforeEach} methods. The
 * simulator is one for the class: not for tests that run in parallel.
 */
public final class SimulatorExtension
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

    private final MixpanelSimulator.Builder settings;
    private final List<Consumer<MixpanelSimulator>> events;
    private final boolean assertLimits;
    private MixpanelSimulator simulator;
    private Map<LocalDate, List<Block>> eventsBeforeTest;
    private int classes;

    private SimulatorExtension(Builder builder) {
        settings = builder.settings;
        events = List.copyOf(builder.events);
        assertLimits = builder.assertLimits;
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * The running simulator.
     *
     * @throws IllegalStateException if no test runs
     */
    public MixpanelSimulator simulator() {
        if (simulator == null) {
            throw new IllegalStateException(
                    "the simulator runs only during tests; is the extension in a field annotated"
                            + " with @RegisterExtension?");
        }
        return simulator;
    }

    /** The running simulator's {@code baseUrl}, as the endpoint option of that name wants it. */
    public String baseUrl() {
        return simulator().baseUrl();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        // called again for each nested class
        if (classes++ == 0) {
            start();
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (simulator == null) {
            start();
        }
        eventsBeforeTest = simulator.events();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        try {
            if (assertLimits) {
                simulator.assertLimitsHeld();
            }
        } finally {
            if (classes == 0) {
                stop();
            } else {
                simulator.reset();
                simulator.restoreEvents(eventsBeforeTest);
            }
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (--classes == 0) {
            stop();
        }
    }

    private void start() {
        simulator = settings.start();
        events.forEach(added -> added.accept(simulator));
    }

    private void stop() {
        simulator.close();
        simulator = null;
    }

    /** Settings of an extension; one thread. */
    public static final class Builder {

        private final MixpanelSimulator.Builder settings = MixpanelSimulator.builder();
        private final List<Consumer<MixpanelSimulator>> events = new ArrayList<>();
        private boolean assertLimits = true;

        private Builder() {}

        /** Changes the simulator's own settings: clock, credentials, limits and so on. */
        public Builder settings(Consumer<MixpanelSimulator.Builder> change) {
            change.accept(settings);
            return this;
        }

        /** Events of every test, as {@link MixpanelSimulator#addEvents}. */
        public Builder events(String... jsonLines) {
            List<String> lines = List.of(jsonLines);
            events.add(simulator -> simulator.addEvents(lines.toArray(String[]::new)));
            return this;
        }

        /** Events of every test, as {@link MixpanelSimulator#addFolder}. */
        public Builder folder(Path folder) {
            events.add(simulator -> simulator.addFolder(folder));
            return this;
        }

        /** Whether a test fails that breaks the limits; default true. */
        public Builder assertLimits(boolean check) {
            assertLimits = check;
            return this;
        }

        public SimulatorExtension build() {
            return new SimulatorExtension(this);
        }
    }
}
