package io.github.camelmixpanel.export.simulator;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One client's connection: reads its requests and sends responses exactly as planned, breakage
 * included. Confined to its thread, except that {@link #close} may be called by any.
 */
final class Connection implements Closeable {

    private static final int POLL_MILLIS = 5;
    private static final int WRONG_LENGTH_BY = 5;
    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final RequestReader requests;
    private volatile boolean busy;
    private boolean used;

    Connection(Socket socket, AtomicLong bytesSent) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
        out =
                new BufferedOutputStream(
                        new CountedOutput(socket.getOutputStream(), bytesSent), 1 << 16);
        requests = new RequestReader(in);
    }

    RequestReader requests() {
        return requests;
    }

    /** Whether a query has been received whose answer is not complete. */
    boolean isBusy() {
        return busy;
    }

    void busy(boolean now) {
        busy = now;
        used = true;
    }

    /** Whether a query has been received. */
    boolean isUsed() {
        return used;
    }

    /**
     * Sends a response.
     *
     * @param ending called before the client can know that the answer has ended
     * @return whether another request may follow
     */
    boolean send(Response response, boolean keepAlive, Instant now, Runnable ending)
            throws IOException {
        boolean goesOn = keepAlive && response.framing().keepsAlive();
        head(response, goesOn, now);
        int left = response.steps().size();
        for (Step step : response.steps()) {
            if (--left == 0 && !(step instanceof Step.Wait)) {
                ending.run();
            }
            if (step instanceof Step.Send send) {
                body(send.bytes(), response.framing().isChunked());
            } else if (step instanceof Step.Wait wait) {
                await(wait.gate());
            } else if (step instanceof Step.Pause pause) {
                pause(pause.duration());
            } else if (step instanceof Step.Cut cut) {
                cut(cut.reset());
                return false;
            }
        }
        ending.run();
        if (response.framing() == Framing.CHUNKED) {
            out.write(ascii("0\r\n\r\n"));
        }
        out.flush();
        return goesOn;
    }

    /** Returns when the gate is open; throws if the client closes first. */
    void await(Gate gate) throws IOException {
        out.flush();
        while (!gate.open()) {
            pause(Duration.ofMillis(POLL_MILLIS));
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void head(Response response, boolean goesOn, Instant now) throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 ");
        head.append(response.status()).append(' ').append(reason(response.status()));
        head.append("\r\nDate: ").append(HTTP_DATE.format(now)).append("\r\n");
        response.headers()
                .forEach(
                        (name, value) ->
                                head.append(name).append(": ").append(value).append("\r\n"));
        switch (response.framing()) {
            case CHUNKED, NO_LAST_CHUNK -> head.append("Transfer-Encoding: chunked\r\n");
            case LENGTH -> length(head, response.bodyBytes());
            case LENGTH_TOO_SHORT ->
                    length(head, Math.max(0, response.bodyBytes() - WRONG_LENGTH_BY));
            case LENGTH_TOO_LONG -> length(head, response.bodyBytes() + WRONG_LENGTH_BY);
            case UNTIL_CLOSE, AS_GIVEN, ENDLESS_HEAD -> {}
        }
        if (response.framing() != Framing.ENDLESS_HEAD) {
            head.append(goesOn ? "\r\n" : "Connection: close\r\n\r\n");
        }
        out.write(ascii(head.toString()));
    }

    private static void length(StringBuilder head, long bytes) {
        head.append("Content-Length: ").append(bytes).append("\r\n");
    }

    private void body(byte[] bytes, boolean asChunk) throws IOException {
        if (asChunk) {
            out.write(ascii(Integer.toHexString(bytes.length) + "\r\n"));
        }
        out.write(bytes);
        if (asChunk) {
            out.write(ascii("\r\n"));
        }
    }

    /** Lets the time pass with everything sent; throws if the client closes meanwhile. */
    private void pause(Duration duration) throws IOException {
        out.flush();
        long end = System.nanoTime() + duration.toNanos();
        for (long left = duration.toMillis(); left > 0; left = millisUntil(end)) {
            socket.setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
            in.mark(1);
            try {
                if (in.read() < 0) {
                    throw new SocketException("the client has closed");
                }
                in.reset();
                sleep(Math.min(left, POLL_MILLIS));
            } catch (SocketTimeoutException e) {
                continue;
            } finally {
                socket.setSoTimeout(0);
            }
        }
    }

    /** A client that sends its next request early must not keep the thread busy. */
    private static void sleep(long millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the simulator is stopping", e);
        }
    }

    private static long millisUntil(long nanoTime) {
        return (nanoTime - System.nanoTime()) / 1_000_000;
    }

    private void cut(boolean reset) throws IOException {
        out.flush();
        if (reset) {
            socket.setSoLinger(true, 0);
        }
        socket.close();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 429 -> "Too Many Requests";
            default -> status >= 500 ? "Server Error" : "Status " + status;
        };
    }
}
