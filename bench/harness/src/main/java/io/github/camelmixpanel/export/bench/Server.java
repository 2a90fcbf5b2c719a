package io.github.camelmixpanel.export.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers like Mixpanel, at next to no cost: the kernel sends the prepared body of the day that is
 * asked for. A day that is not prepared has no events. Runs in a process of its own, so that its
 * cost is nobody's; says its port on the first line, and ends with its standard input.
 */
final class Server {

    private static final Pattern FROM_DATE =
            Pattern.compile("[?&]from_date=%?2?2?(\\d{4}-\\d\\d-\\d\\d)");

    private final Path folder;

    private Server(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] args) throws IOException {
        Server server = new Server(Path.of(args[0]));
        ServerSocketChannel listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        System.out.println(listener.socket().getLocalPort());
        Thread accepting = new Thread(() -> server.accept(listener));
        accepting.setDaemon(true);
        accepting.start();
        while (System.in.read() >= 0) {
            // until the process that started it has ended
        }
    }

    private void accept(ServerSocketChannel listener) {
        while (true) {
            try {
                SocketChannel client = listener.accept();
                Thread thread = new Thread(() -> serve(client));
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            ByteBuffer request = ByteBuffer.allocate(1 << 16);
            String head = "";
            while (!head.contains("\r\n\r\n")) {
                if (client.read(request) < 0) {
                    return;
                }
                head = US_ASCII.decode(request.duplicate().flip()).toString();
            }
            answer(client, head);
        } catch (IOException e) {
            System.err.println(e);
        }
    }

    private void answer(SocketChannel client, String request) throws IOException {
        String target = request.substring(0, request.indexOf("\r\n"));
        Matcher day = FROM_DATE.matcher(target);
        if (!target.contains("/export?") || !day.find()) {
            other(client, target);
        } else if (!request.toLowerCase(Locale.ROOT)
                .matches("(?s).*accept-encoding:[^\r]*gzip.*")) {
            text(client, "406 Not Acceptable", "this server has only gzip");
        } else {
            export(client, folder.resolve(day.group(1) + ".http"));
        }
    }

    /** A day without events comes uncompressed, as from Mixpanel any short answer does. */
    private static void export(SocketChannel client, Path body) throws IOException {
        if (Files.exists(body)) {
            write(
                    client,
                    head("200 OK", "text/plain")
                            + "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n");
            send(client, body);
        } else {
            write(client, head("200 OK", "text/plain") + "Content-Length: 0\r\n\r\n");
        }
    }

    private static void send(SocketChannel client, Path body) throws IOException {
        try (FileChannel file = FileChannel.open(body)) {
            for (long at = 0; at < file.size(); ) {
                at += file.transferTo(at, file.size() - at, client);
            }
        }
    }

    /** What tap-mixpanel asks for besides: whether it may, and which properties there are. */
    private void other(SocketChannel client, String target) throws IOException {
        if (target.contains("/engage")) {
            text(client, "200 OK", "{\"results\":[],\"page\":0,\"page_size\":1000,\"total\":0}");
        } else if (target.contains("/properties/top")) {
            text(client, "200 OK", Files.readString(folder.resolve("properties.json")));
        } else {
            text(client, "404 Not Found", "nothing here");
        }
    }

    private static void text(SocketChannel client, String status, String text) throws IOException {
        write(
                client,
                head(status, "application/json")
                        + "Content-Length: "
                        + text.length()
                        + "\r\n\r\n"
                        + text);
    }

    private static String head(String status, String type) {
        return "HTTP/1.1 "
                + status
                + "\r\nDate: "
                + DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC))
                + "\r\nContent-Type: "
                + type
                + "\r\nConnection: close\r\n";
    }

    private static void write(SocketChannel client, String text) throws IOException {
        ByteBuffer bytes = US_ASCII.encode(text);
        while (bytes.hasRemaining()) {
            client.write(bytes);
        }
    }
}
