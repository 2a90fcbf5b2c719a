package io.github.camelmixpanel.export.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * An HTTPS server on loopback with a certificate that nobody vouches for; to any request it answers
 * 200 and no body.
 */
public final class TlsServer implements AutoCloseable {

    public static final String PASSWORD = "changeit";

    private final SSLServerSocket socket;
    private final Path keyStore;
    private final AtomicInteger requests = new AtomicInteger();

    private TlsServer(SSLServerSocket socket, Path keyStore) {
        this.socket = socket;
        this.keyStore = keyStore;
    }

    /**
     * @param hostInCertificate the host that the certificate is for
     * @param folder for the key store
     */
    public static TlsServer start(String hostInCertificate, Path folder) throws Exception {
        Path file = folder.resolve(hostInCertificate + ".p12");
        makeKeys(hostInCertificate, file);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        SSLServerSocket socket =
                (SSLServerSocket)
                        context.getServerSocketFactory()
                                .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        TlsServer server = new TlsServer(socket, file);
        Thread thread = new Thread(server::serve, "tls-server");
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    private static void makeKeys(String host, Path file) throws Exception {
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "server",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=" + host,
                                "-ext",
                                "san=dns:" + host,
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                file.toString(),
                                "-storepass",
                                PASSWORD)
                        .redirectErrorStream(true)
                        .start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new AssertionError("keytool: " + output);
        }
    }

    public int port() {
        return socket.getLocalPort();
    }

    /** Key and certificate; good as a trust store too. */
    public Path keyStore() {
        return keyStore;
    }

    /** Requests of which at least one byte came through. */
    public int requests() {
        return requests.get();
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (SSLSocket client = (SSLSocket) socket.accept()) {
                answer(client);
            } catch (IOException e) {
                // a client that does not trust us hangs up, and at the end the socket is closed
                continue;
            }
        }
    }

    private void answer(SSLSocket client) throws IOException {
        InputStream in = client.getInputStream();
        int last = 0;
        for (int next; (next = in.read()) >= 0; ) {
            if (last == 0) {
                requests.incrementAndGet();
            }
            last = last << 8 | next;
            if (last == 0x0d0a0d0a) {
                break;
            }
        }
        OutputStream out = client.getOutputStream();
        out.write(
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
