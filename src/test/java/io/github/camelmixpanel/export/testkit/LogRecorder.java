package io.github.camelmixpanel.export.testkit;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;

/** What our packages log from a level on, from its creation until it is closed. */
public final class LogRecorder implements AutoCloseable {

    private static final String OURS = "io.github.camelmixpanel.export";

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<String> everything = new CopyOnWriteArrayList<>();
    private final Recorder recorder = new Recorder();

    public LogRecorder(Level level) {
        recorder.start();
        loggers().getConfiguration().getRootLogger().addAppender(recorder, level, null);
        Configurator.setLevel(OURS, level);
    }

    /** Messages of exactly this level, in order. */
    public List<String> lines(Level level) {
        return lines.stream()
                .filter(line -> line.startsWith(level + " "))
                .map(line -> line.substring(level.name().length() + 1))
                .toList();
    }

    /** Each message of any logger, with its stack trace. */
    public List<String> everything() {
        return List.copyOf(everything);
    }

    @Override
    public void close() {
        loggers().getConfiguration().getRootLogger().removeAppender(recorder.getName());
        Configurator.setLevel(OURS, Level.WARN);
        recorder.stop();
    }

    private static LoggerContext loggers() {
        return (LoggerContext) LogManager.getContext(false);
    }

    private final class Recorder extends AbstractAppender {

        private Recorder() {
            super("log-recorder", null, null, true, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            StringWriter text = new StringWriter();
            text.append(event.getMessage().getFormattedMessage());
            if (event.getThrown() != null) {
                event.getThrown().printStackTrace(new PrintWriter(text));
            }
            everything.add(text.toString());
            if (event.getLoggerName().startsWith(OURS)) {
                lines.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
            }
        }
    }
}
