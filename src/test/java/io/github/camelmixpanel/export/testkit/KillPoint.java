package io.github.camelmixpanel.export.testkit;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.Method;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.ListeningConnector;
import com.sun.jdi.connect.TransportTimeoutException;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.VMDeathEvent;
import com.sun.jdi.event.VMDisconnectEvent;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.ClassPrepareRequest;
import com.sun.jdi.request.EventRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A place in the code at which a forked JVM stands still, so that it can be killed there: the code
 * itself knows nothing of it. The JVM is stopped as by a debugger, all threads at once, when it
 * enters the method.
 */
public final class KillPoint implements AutoCloseable {

    private static final String PACKAGE = "io.github.camelmixpanel.export.internal.";
    private static final int LOOK_MILLIS = 1_000;

    private final ListeningConnector connector;
    private final Map<String, Connector.Argument> arguments;
    private final String address;
    private final String className;
    private final String method;
    private final int nth;

    private KillPoint(
            ListeningConnector connector,
            Map<String, Connector.Argument> arguments,
            String address,
            String className,
            String method,
            int nth) {
        this.connector = connector;
        this.arguments = arguments;
        this.address = address;
        this.className = className;
        this.method = method;
        this.nth = nth;
    }

    /**
     * @param place such as {@code ledger.Ledger.spooled}: a method of this project, of several with
     *     one name as {@code ledger.Ledger.parked(ParkedWindow)}
     * @param nth the entry at which to stop, from 1
     */
    public static KillPoint at(String place, int nth) throws Exception {
        ListeningConnector connector =
                Bootstrap.virtualMachineManager().listeningConnectors().stream()
                        .filter(c -> c.name().equals("com.sun.jdi.SocketListen"))
                        .findFirst()
                        .orElseThrow();
        Map<String, Connector.Argument> arguments = connector.defaultArguments();
        arguments.get("localAddress").setValue("127.0.0.1");
        arguments.get("port").setValue("0");
        arguments.get("timeout").setValue(Integer.toString(LOOK_MILLIS));
        String address = connector.startListening(arguments);
        int dot = place.replaceAll("\\(.*", "").lastIndexOf('.');
        return new KillPoint(
                connector,
                arguments,
                address.substring(address.lastIndexOf(':') + 1),
                PACKAGE + place.substring(0, dot),
                place.substring(dot + 1),
                nth);
    }

    /** What the JVM is to be started with. */
    public String jvmOption() {
        return "-agentlib:jdwp=transport=dt_socket,server=n,suspend=y,address=127.0.0.1:" + address;
    }

    /**
     * Returns when the JVM has come to the place and stands still.
     *
     * @throws AssertionError when it ends without
     */
    public void await() throws Exception {
        Progress progress = Progress.ofTests(Thread.currentThread());
        VirtualMachine machine = accept(progress);
        ClassPrepareRequest prepare = machine.eventRequestManager().createClassPrepareRequest();
        prepare.addClassFilter(className);
        prepare.setSuspendPolicy(EventRequest.SUSPEND_ALL);
        prepare.enable();
        try {
            while (true) {
                EventSet events = machine.eventQueue().remove(LOOK_MILLIS);
                if (events == null) {
                    giveUpWhenOver(progress);
                    continue;
                }
                for (Event event : events) {
                    if (event instanceof BreakpointEvent) {
                        return;
                    }
                    if (event instanceof VMDeathEvent || event instanceof VMDisconnectEvent) {
                        throw new AssertionError("The JVM ended before it came to " + this);
                    }
                    if (event instanceof ClassPrepareEvent prepared) {
                        stopIn(prepared.referenceType());
                    }
                }
                events.resume();
            }
        } catch (VMDisconnectedException e) {
            throw new AssertionError("The JVM ended before it came to " + this, e);
        }
    }

    private VirtualMachine accept(Progress progress) throws Exception {
        while (true) {
            try {
                return connector.accept(arguments);
            } catch (TransportTimeoutException e) {
                giveUpWhenOver(progress);
            }
        }
    }

    private void giveUpWhenOver(Progress progress) {
        if (progress.isOver()) {
            throw new AssertionError("The JVM has not come to " + this + ": " + progress);
        }
    }

    private void stopIn(ReferenceType type) {
        List<Method> methods =
                type.methods().stream()
                        .filter(m -> m.location() != null)
                        .filter(m -> method.equals(m.name()) || method.equals(signature(m)))
                        .toList();
        if (methods.size() != 1) {
            throw new AssertionError("There are " + methods.size() + " of " + this);
        }
        BreakpointRequest stop =
                type.virtualMachine()
                        .eventRequestManager()
                        .createBreakpointRequest(methods.get(0).location());
        stop.setSuspendPolicy(EventRequest.SUSPEND_ALL);
        stop.addCountFilter(nth);
        stop.enable();
    }

    private static String signature(Method method) {
        return method.argumentTypeNames().stream()
                .map(type -> type.substring(type.lastIndexOf('.') + 1))
                .collect(Collectors.joining(", ", method.name() + "(", ")"));
    }

    @Override
    public void close() throws IOException {
        try {
            connector.stopListening(arguments);
        } catch (com.sun.jdi.connect.IllegalConnectorArgumentsException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return className + "." + method + ", time " + nth;
    }
}
