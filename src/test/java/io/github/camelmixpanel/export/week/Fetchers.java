package io.github.camelmixpanel.export.week;

import io.github.camelmixpanel.export.EndpointAccess;
import io.github.camelmixpanel.export.failure.ExportException;
import io.github.camelmixpanel.export.internal.database.TestDatabases;
import io.github.camelmixpanel.export.internal.durable.Disk;
import io.github.camelmixpanel.export.internal.exchange.TaskJson;
import io.github.camelmixpanel.export.internal.fetch.ExportClient;
import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.ExportTask;
import io.github.camelmixpanel.export.internal.model.TaskOutcome;
import io.github.camelmixpanel.export.internal.pipeline.ExportRegistry;
import io.github.camelmixpanel.export.internal.pipeline.ondemand.ExportedWindow;
import io.github.camelmixpanel.export.internal.pipeline.ondemand.OnDemand;
import io.github.camelmixpanel.export.internal.pipeline.route.Acknowledgement;
import io.github.camelmixpanel.export.internal.pipeline.tasks.TaskResult;
import io.github.camelmixpanel.export.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/**
 * Another process, which carries out tasks, and the two topics between it and the export. Until it
 * behaves a task may come late or twice, and an outcome late, twice, never, or with the id of a
 * task that nobody has issued.
 */
final class Fetchers implements AutoCloseable {

    /** A message that is to be delivered. */
    private record Message(Instant at, long order, Runnable delivery) {}

    /**
     * An outcome that the export has taken, or failed to take.
     *
     * @param result null when its process died, or its disk was full
     */
    record Reported(ExportTask task, boolean forged, boolean done, TaskResult result, Instant at) {}

    /** A task that has left the export. */
    record Issued(ExportTask task, Instant at) {}

    private static final Duration AGAIN = Duration.ofMinutes(3);

    final List<Issued> issued = new ArrayList<>();
    final List<Reported> reported = new ArrayList<>();

    /** The numbers of the events that a task brought, by its id. */
    final Map<String, Set<Integer>> fetched = new HashMap<>();

    private final VirtualTime time;
    private final Random random;
    private final Duration taskTimeout;
    private final ExportClient client;
    private final OnDemand onDemand;
    private final PriorityQueue<Message> messages =
            new PriorityQueue<>(
                    Comparator.comparing(Message::at).thenComparingLong(Message::order));
    private Application planner;
    private boolean delivering;
    private volatile Throwable broken;
    private long order;
    private boolean behaves;
    private boolean closed;

    Fetchers(Week week, EndpointAccess endpoint, VirtualTime time) throws Exception {
        this.time = time;
        this.random = week.random("fetchers");
        this.taskTimeout = endpoint.settings().tasks().taskTimeout();
        this.client = endpoint.newClient();
        this.onDemand =
                new ExportRegistry(
                                time.clock(),
                                time.clock(),
                                time.sleeper(),
                                Disk.REAL,
                                TestDatabases.inOneThread(time.observer()),
                                time::start)
                        .openOnDemand(endpoint.settings(), client);
        time.start(this::work);
    }

    /**
     * Outcomes go to this process from now on, to none if it is null. On return it is known what
     * came of those before: a commit ends a poll before it is noted here.
     */
    synchronized void plannedBy(Application running) throws InterruptedException {
        planner = running;
        while (delivering) {
            wait();
        }
    }

    /** From now on nothing is late, lost, doubled or forged. */
    synchronized void behave() {
        behaves = true;
    }

    /** What went wrong that never may. */
    Throwable broken() {
        return broken;
    }

    /** As the route with which the export sends tasks. */
    void send(ExportTask task, Life life, Acknowledgement acknowledgement) {
        boolean lives = life.step();
        synchronized (this) {
            issued.add(new Issued(task, time.now()));
            if (lives || random.nextBoolean()) {
                deliver(chance(8) ? upTo(Duration.ofMinutes(3)) : Duration.ZERO, task);
            }
            if (chance(12)) {
                deliver(upTo(taskTimeout), task);
            }
        }
        if (lives && chance(15)) {
            acknowledgement.fail(new IllegalStateException("not sent, or so it seems"));
        } else if (lives) {
            acknowledgement.acknowledge();
        }
    }

    private void deliver(Duration after, ExportTask task) {
        add(after, () -> carryOut(task));
    }

    private synchronized void add(Duration after, Runnable delivery) {
        messages.add(new Message(time.now().plus(after), order++, delivery));
        notifyAll();
    }

    private void work() {
        try {
            for (Message next; (next = next()) != null; ) {
                next.delivery.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            broken = e;
            delivered();
        }
    }

    /** When its time has come; null when there is no more to do. */
    private synchronized Message next() throws InterruptedException {
        while (!closed) {
            Message next = messages.peek();
            if (next == null) {
                wait(); // and time goes on without it
            } else if (next.at.isAfter(time.now())) {
                time.sleeper().sleep(this, Duration.between(time.now(), next.at));
            } else {
                return messages.poll();
            }
        }
        return null;
    }

    private void carryOut(ExportTask task) {
        if (!onDemand.begins(task)) {
            report(task, TaskJson.repeated(task, "it came before"));
            return;
        }
        try (ExportedWindow exported = onDemand.export(task)) {
            Set<Integer> numbers = new HashSet<>();
            try (ExportedWindow.Reading events = exported.read()) {
                for (ExportEvent event; (event = events.next()) != null; ) {
                    numbers.add(Keys.numberOf(event));
                }
            }
            synchronized (this) {
                fetched.put(task.id(), numbers);
            }
            report(task, TaskJson.done(task, exported.summary()));
        } catch (ExportException e) {
            report(task, TaskJson.failed(task, e));
        }
    }

    private synchronized void report(ExportTask task, String outcome) {
        Duration takes = upTo(Duration.ofMinutes(2));
        if (chance(10)) {
            return; // lost
        }
        if (chance(10)) {
            String forged = outcome.replace(task.id(), UUID.randomUUID().toString());
            add(upTo(takes), () -> deliver(forged, true));
        }
        if (chance(8)) {
            takes = taskTimeout.plus(upTo(Duration.ofHours(3)));
        }
        add(takes, () -> deliver(outcome, false));
        if (chance(6)) {
            add(upTo(Duration.ofHours(4)), () -> deliver(outcome, false));
        }
    }

    /** Until a process takes it. */
    private void deliver(String text, boolean forged) {
        Application running;
        synchronized (this) {
            running = planner;
            delivering = running != null;
        }
        if (running == null) {
            add(AGAIN, () -> deliver(text, forged));
            return;
        }
        TaskOutcome outcome = TaskJson.outcome(text);
        TaskResult result = null;
        try {
            result = running.complete(outcome);
        } catch (ExportException e) {
            add(AGAIN, () -> deliver(text, forged));
        }
        boolean done = outcome instanceof TaskOutcome.Done;
        synchronized (this) {
            reported.add(new Reported(outcome.task(), forged, done, result, time.now()));
            delivered();
        }
    }

    private synchronized void delivered() {
        delivering = false;
        notifyAll();
    }

    private Duration upTo(Duration longest) {
        return Duration.ofMillis(1 + random.nextLong(longest.toMillis()));
    }

    private synchronized boolean chance(int of) {
        return !behaves && random.nextInt(of) == 0;
    }

    /** The events that came with an outcome that counted, or may have before its process died. */
    synchronized Set<Integer> acknowledged() {
        Set<Integer> numbers = new HashSet<>();
        for (Reported one : reported) {
            if (one.done && !one.forged && one.result != TaskResult.IGNORED) {
                numbers.addAll(fetched.get(one.task.id()));
            }
        }
        return numbers;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        onDemand.close();
        client.close();
    }
}
