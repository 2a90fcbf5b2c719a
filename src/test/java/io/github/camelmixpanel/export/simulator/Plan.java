package io.github.camelmixpanel.export.simulator;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * How an answer differs from normal service, at each stage it passes. Immutable.
 *
 * @param before what to wait for before the service is asked
 * @param silent whether the connection ends without a byte
 * @param fixed the reply, or null to ask the service
 * @param body changes the inflated body
 * @param encoding whether to compress, and what the head says of it
 * @param gzip compresses, into parts that are sent with a pause between them
 * @param framing how the end is told, or null for the simulator's own way
 * @param delivery sends the parts
 */
record Plan(
        Gate before,
        boolean silent,
        Reply fixed,
        UnaryOperator<byte[]> body,
        Encoding encoding,
        Function<byte[], List<byte[]>> gzip,
        Framing framing,
        Function<List<byte[]>, List<Step>> delivery) {

    /**
     * @param compress null to compress if the client asks for it and the body is longer than the
     *     threshold
     * @param name the {@code Content-Encoding} of a body that is compressed, or never is; null for
     *     none
     */
    record Encoding(Boolean compress, String name) {

        static final Encoding AS_ASKED = new Encoding(null, GZIP);

        boolean compresses(boolean asked, byte[] plain) {
            return compress == null ? asked && plain.length > GZIP_THRESHOLD : compress;
        }
    }

    static final String GZIP = "gzip";

    /** A longer body is compressed (documented: "if the response body is > 1400 bytes"). */
    static final int GZIP_THRESHOLD = 1400;

    static final Plan NORMAL =
            new Plan(
                    () -> true,
                    false,
                    null,
                    UnaryOperator.identity(),
                    Encoding.AS_ASKED,
                    plain -> List.of(Gzip.compress(plain)),
                    null,
                    Delivery::whole);

    Plan withBefore(Gate gate) {
        return new Plan(gate, silent, fixed, body, encoding, gzip, framing, delivery);
    }

    Plan withSilence() {
        return new Plan(before, true, fixed, body, encoding, gzip, framing, delivery);
    }

    Plan withReply(Reply reply) {
        return new Plan(before, silent, reply, body, encoding, gzip, framing, delivery);
    }

    Plan withBody(UnaryOperator<byte[]> change) {
        return new Plan(before, silent, fixed, change, encoding, gzip, framing, delivery);
    }

    Plan withEncoding(Encoding wanted) {
        return new Plan(before, silent, fixed, body, wanted, gzip, framing, delivery);
    }

    /** Compresses in this way, whatever the client asks and however short the body. */
    Plan withGzip(Function<byte[], List<byte[]>> compression) {
        Encoding always = new Encoding(true, encoding.name());
        return new Plan(before, silent, fixed, body, always, compression, framing, delivery);
    }

    Plan withFraming(Framing wanted) {
        return new Plan(before, silent, fixed, body, encoding, gzip, wanted, delivery);
    }

    Plan withDelivery(Function<List<byte[]>, List<Step>> wanted) {
        return new Plan(before, silent, fixed, body, encoding, gzip, framing, wanted);
    }

    /**
     * What to send for this reply of the service. Only a 200 is changed: an error is answered as it
     * is.
     */
    Response response(Reply reply, boolean gzipAsked, Framing usual) {
        if (reply == fixed || reply.status() != 200) {
            return Response.of(reply);
        }
        byte[] plain = body.apply(reply.body());
        boolean compress = encoding.compresses(gzipAsked, plain);
        List<byte[]> parts = compress ? gzip.apply(plain) : List.of(plain);
        Map<String, String> headers = Response.headers(reply);
        if (encoding.name() != null && (compress || encoding.compress() != null)) {
            headers.put("Content-Encoding", encoding.name());
        }
        long length = parts.stream().mapToLong(part -> part.length).sum();
        return new Response(
                reply.status(),
                headers,
                framing == null ? usual : framing,
                length,
                Bodies.lines(plain),
                delivery.apply(parts));
    }
}
