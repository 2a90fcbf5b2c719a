package io.github.camelmixpanel.export.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPInputStream;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;

/**
 * What nobody can do without who brings a day into a Camel route line by line: inflated once, cut
 * at its newlines, an exchange for each line. It promises nothing: no limit is kept, nothing is
 * verified, no field is read, nothing is remembered. It exports again and again with {@link
 * Turns#OPTION}.
 *
 * <p>Usage: {@code BareRoute <port> <day>}
 */
final class BareRoute {

    private static final int BLOCK_BYTES = 128 * 1024;

    private final Result result = new Result();
    private final int port;
    private final String day;
    private final CountDownLatch done = new CountDownLatch(1);

    private BareRoute(int port, String day) {
        this.port = port;
        this.day = day;
    }

    public static void main(String[] args) throws Exception {
        Turns.run(() -> new BareRoute(Integer.parseInt(args[0]), args[1]).export());
    }

    private Result export() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.disableJMX();
            Endpoint lines = new Lines();
            lines.setCamelContext(context);
            context.addRoutes(
                    new RouteBuilder() {
                        @Override
                        public void configure() {
                            from(lines).process(BareRoute.this::addLine);
                        }
                    });
            context.start();
            done.await();
        }
        return result;
    }

    private void addLine(Exchange exchange) {
        byte[] line = (byte[]) exchange.getMessage().getBody();
        result.add(Sum.ofLine(line, 0, line.length));
    }

    private final class Lines extends DefaultEndpoint {

        private Lines() {
            setEndpointUriIfNotSpecified("bare:lines");
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            return new LineConsumer(this, processor);
        }

        @Override
        public Producer createProducer() {
            throw new UnsupportedOperationException("lines are only given");
        }
    }

    private final class LineConsumer extends DefaultConsumer {

        private LineConsumer(Endpoint endpoint, Processor processor) {
            super(endpoint, processor);
        }

        @Override
        protected void doStart() throws Exception {
            super.doStart();
            new Thread(this::read).start();
        }

        private void read() {
            try (InputStream body = new GZIPInputStream(open(), BLOCK_BYTES)) {
                cut(body);
            } catch (Exception e) {
                e.printStackTrace(); // the result shows that events are missing
            } finally {
                done.countDown();
            }
        }

        private InputStream open() throws IOException {
            String query = "/api/2.0/export?from_date=" + day + "&to_date=" + day;
            URLConnection connection =
                    URI.create("http://127.0.0.1:" + port + query).toURL().openConnection();
            connection.setRequestProperty("Accept-Encoding", "gzip");
            return connection.getInputStream();
        }

        /** Lines of the bench are shorter than a block, and each has its newline. */
        private void cut(InputStream body) throws Exception {
            byte[] block = new byte[BLOCK_BYTES];
            int limit = 0;
            for (int n; (n = body.read(block, limit, BLOCK_BYTES - limit)) >= 0; ) {
                int scanned = limit;
                int start = 0;
                limit += n;
                for (int i = scanned; i < limit; i++) {
                    if (block[i] == '\n') {
                        emit(Arrays.copyOfRange(block, start, i));
                        start = i + 1;
                    }
                }
                System.arraycopy(block, start, block, 0, limit - start);
                limit -= start;
            }
            if (limit > 0) {
                throw new IOException("the last line has no end");
            }
        }

        private void emit(byte[] line) throws Exception {
            Exchange exchange = createExchange(false);
            exchange.getMessage().setBody(line);
            getProcessor().process(exchange);
            releaseExchange(exchange, false);
        }
    }
}
