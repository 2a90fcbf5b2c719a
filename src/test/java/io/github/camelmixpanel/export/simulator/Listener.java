package io.github.camelmixpanel.export.simulator;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Listens on loopback alone and serves each connection on a daemon thread of its own until it ends
 * or the listener is closed. Thread-safe.
 */
final class Listener implements AutoCloseable {

    /** Serves one connection until it ends; the connection is closed afterwards. */
    @FunctionalInterface
    interface Service {
        void serve(Connection connection) throws IOException;
    }

    private static final int BACKLOG = 256;

    private final ServerSocket server;
    private final Service service;
    private final Thread acceptor;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong bytesSent = new AtomicLong();

    Listener(int port, Service service) {
        this.service = service;
        try {
            server = new ServerSocket();
            server.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), BACKLOG);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot listen on port " + port + " of 127.0.0.1; is it taken?", e);
        }
        acceptor = thread("accept", this::accept);
    }

    Listener start() {
        acceptor.start();
        return this;
    }

    int port() {
        return server.getLocalPort();
    }

    long bytesSent() {
        return bytesSent.get();
    }

    /** Ends the connections whose answer is not complete; idle ones stay for their client. */
    void dropBusyConnections() {
        open.stream().filter(Connection::isBusy).forEach(Listener::close);
    }

    /** Once it returns nobody can connect any more, and the port is free. */
    @Override
    public void close() {
        close(server);
        awaitAcceptor();
        open.forEach(Listener::close);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                thread(Integer.toString(connections.incrementAndGet()), () -> serve(socket))
                        .start();
            } catch (IOException e) {
                // a connection that ended before it was accepted, or the listener was closed
                continue;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket;
                Connection connection = new Connection(socket, bytesSent)) {
            open.add(connection);
            try {
                if (!server.isClosed()) {
                    service.serve(connection);
                }
            } finally {
                open.remove(connection);
            }
        } catch (IOException e) {
            // the client or the script has ended the connection: nobody is left to tell
            return;
        }
    }

    /** The system keeps the port listening until the thread has come out of its accept. */
    private void awaitAcceptor() {
        try {
            acceptor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Thread thread(String name, Runnable work) {
        Thread thread = new Thread(work, "mixpanel-simulator-" + port() + "-" + name);
        thread.setDaemon(true);
        return thread;
    }

    private static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close a socket", e);
        }
    }
}
