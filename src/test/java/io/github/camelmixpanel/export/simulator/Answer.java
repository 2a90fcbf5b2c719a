package io.github.camelmixpanel.export.simulator;

import static io.github.camelmixpanel.export.simulator.Plan.NORMAL;

import io.github.camelmixpanel.export.simulator.Plan.Encoding;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/**
 * One scripted answer, for {@link MixpanelSimulator#answer(Answer...)}. Immutable; may be used for
 * several queries.
 *
 * <p>Unless said otherwise an answer starts from what normal service would send and breaks that; if
 * normal service refuses the query (400, 401, 403, or 429 by a limit) the refusal is sent as it is.
 * A refusal by a limit does not use the answer up. A {@code fraction} is of the body's bytes on the
 * wire, after compression and without chunk headers, from 0 (only the head is sent) to 1 (all of
 * the body, but not its last chunk).
 *
 * <p>"Observed" marks what clients of Mixpanel have reported; all else is what a network can do.
 */
public final class Answer {

    private final Plan plan;

    private Answer(Plan plan) {
        this.plan = plan;
    }

    Plan plan() {
        return plan;
    }

    /** Normal service: to leave a query out of a script. */
    public static Answer normal() {
        return new Answer(NORMAL);
    }

    /**
     * Resets the connection (RST) after that fraction; the client sees at most so much. Observed.
     */
    public static Answer reset(double fraction) {
        requireFraction(fraction);
        return new Answer(NORMAL.withDelivery(parts -> Delivery.cut(parts, fraction, true)));
    }

    /** Ends the connection in order (FIN) after that fraction, in the middle of the answer. */
    public static Answer close(double fraction) {
        requireFraction(fraction);
        return new Answer(NORMAL.withDelivery(parts -> Delivery.cut(parts, fraction, false)));
    }

    /** Ends the connection in order without a single byte, not even a status line. */
    public static Answer noAnswer() {
        return new Answer(NORMAL.withSilence());
    }

    /** A gzip body cut after that fraction of it, whose transport framing ends cleanly. */
    public static Answer gzipCut(double fraction) {
        requireFraction(fraction);
        return new Answer(NORMAL.withGzip(plain -> List.of(Gzip.cut(plain, fraction))));
    }

    /** As {@link #gzipCut}, with only the last 1 to 8 bytes, the trailer, missing. */
    public static Answer gzipCutInTrailer(int missingBytes) {
        require(missingBytes >= 1 && missingBytes <= 8, "missingBytes: 1 to 8", missingBytes);
        return new Answer(
                NORMAL.withGzip(plain -> List.of(Gzip.cutInTrailer(plain, missingBytes))));
    }

    /** A whole gzip body with one wrong bit in the CRC of its trailer. */
    public static Answer gzipWrongCrc() {
        return new Answer(NORMAL.withGzip(plain -> List.of(Gzip.wrongCrc(plain))));
    }

    /**
     * A valid gzip body of so many members, cut anywhere and sent with a pause between them: a
     * client that takes "nothing to read now" for the end loses all but the first.
     */
    public static Answer gzipMembers(int members) {
        require(members >= 1, "members: 1 or more", members);
        return new Answer(NORMAL.withGzip(plain -> Gzip.members(plain, members)));
    }

    /** A whole gzip body with these bytes after its end. */
    public static Answer gzipTrailingBytes(byte[] trailing) {
        byte[] copy = trailing.clone();
        return new Answer(
                NORMAL.withGzip(
                        plain -> List.of(Delivery.joined(List.of(Gzip.compress(plain), copy)))));
    }

    /** A body that ends in the middle of its last line, its gzip and framing clean. Observed. */
    public static Answer cutInLine() {
        return new Answer(NORMAL.withBody(Bodies::cutInLastLine));
    }

    /**
     * The server gives up: half of the lines, then this text as the last line. Observed texts are
     * {@code terminated early} and {@code export terminated early}.
     *
     * @param only whether the text is the whole body
     * @param newline whether a newline ends it
     */
    public static Answer terminatedEarly(String text, boolean only, boolean newline) {
        String line = newline ? text + "\n" : text;
        return new Answer(
                NORMAL.withBody(
                        body ->
                                only
                                        ? Bodies.bytes(line)
                                        : Bodies.append(Bodies.firstHalf(body), line)));
    }

    /** All the events, then this text and a newline. */
    public static Answer lastLine(String text) {
        return new Answer(NORMAL.withBody(body -> Bodies.append(body, text + "\n")));
    }

    /** Only this text and a newline, with status 200. */
    public static Answer onlyLine(String text) {
        return new Answer(NORMAL.withBody(body -> Bodies.bytes(text + "\n")));
    }

    /** This status and body for any query, not even a valid one. */
    public static Answer status(
            int code, String contentType, String body, Map<String, String> headers) {
        return new Answer(
                NORMAL.withReply(new Reply(code, contentType, headers, Bodies.bytes(body))));
    }

    /**
     * 429 as if another client had used up the project's limits; {@link
     * MixpanelSimulator#refused()} does not count it.
     *
     * @param retryAfterOrNull the {@code Retry-After} header: seconds, an HTTP date, or null for
     *     none. Observed: with seconds, and without
     */
    public static Answer rateLimited(String retryAfterOrNull) {
        return new Answer(
                NORMAL.withReply(
                        Reply.error(
                                429,
                                "too many export requests in progress for this project",
                                retryAfterOrNull == null
                                        ? Map.of()
                                        : Map.of("Retry-After", retryAfterOrNull))));
    }

    /** No byte until the client closes. Observed: minutes of silence before large exports. */
    public static Answer hang() {
        return new Answer(NORMAL.withBefore(() -> false));
    }

    /** That fraction, then no byte more until the client closes. */
    public static Answer hangAfter(double fraction) {
        requireFraction(fraction);
        return new Answer(NORMAL.withDelivery(parts -> Delivery.hang(parts, fraction)));
    }

    /**
     * A head that never ends: one byte of it after each pause of real time, until the client closes
     * or {@value Delivery#ENDLESS} have been sent.
     */
    public static Answer dribbleHead(Duration pause) {
        return new Answer(
                NORMAL.withFraming(Framing.ENDLESS_HEAD)
                        .withDelivery(parts -> Delivery.endlessHead(pause)));
    }

    /** The whole answer in pieces of so many bytes, with a pause of real time before each. */
    public static Answer dribble(int bytesPerPiece, Duration pause) {
        require(bytesPerPiece >= 1, "bytesPerPiece: 1 or more", bytesPerPiece);
        return new Answer(
                NORMAL.withDelivery(
                        parts ->
                                Delivery.dribble(
                                        parts, bytesPerPiece, () -> new Step.Pause(pause))));
    }

    /** The whole answer in pieces of so many bytes, each for a permit that the test releases. */
    public static Answer dribble(int bytesPerPiece, Semaphore permits) {
        require(bytesPerPiece >= 1, "bytesPerPiece: 1 or more", bytesPerPiece);
        return new Answer(
                NORMAL.withDelivery(
                        parts ->
                                Delivery.dribble(
                                        parts,
                                        bytesPerPiece,
                                        () -> new Step.Wait(permits::tryAcquire))));
    }

    /** No byte until the latch is open, then normal service of what is stored then. */
    public static Answer blockUntil(CountDownLatch latch) {
        return new Answer(NORMAL.withBefore(() -> latch.getCount() == 0));
    }

    /** That fraction, then nothing until the latch is open, then the rest. */
    public static Answer blockAfter(double fraction, CountDownLatch latch) {
        requireFraction(fraction);
        return new Answer(
                NORMAL.withDelivery(
                        parts -> Delivery.block(parts, fraction, () -> latch.getCount() == 0)));
    }

    /** Not compressed, even if asked for. */
    public static Answer identity() {
        return new Answer(NORMAL.withEncoding(new Encoding(false, null)));
    }

    /** Not compressed, even if asked for, with {@code Content-Encoding: identity}. */
    public static Answer namedIdentity() {
        return new Answer(NORMAL.withEncoding(new Encoding(false, "identity")));
    }

    /**
     * A whole gzip body, however short, under this name.
     *
     * @param contentEncodingOrNull the {@code Content-Encoding}: {@code GZIP} (observed), {@code
     *     x-gzip}, or null for a head that does not say that the body is compressed
     */
    public static Answer gzipNamed(String contentEncodingOrNull) {
        return new Answer(NORMAL.withEncoding(new Encoding(true, contentEncodingOrNull)));
    }

    /** Neither length nor chunks: the body is whole, and ends where the connection ends. */
    public static Answer closeDelimited() {
        return new Answer(NORMAL.withFraming(Framing.UNTIL_CLOSE));
    }

    /** A whole body whose {@code Content-Length} is five less (a gzip body loses its trailer). */
    public static Answer shortContentLength() {
        return new Answer(NORMAL.withFraming(Framing.LENGTH_TOO_SHORT));
    }

    /** A whole body whose {@code Content-Length} is five more; then the connection ends. */
    public static Answer longContentLength() {
        return new Answer(NORMAL.withFraming(Framing.LENGTH_TOO_LONG));
    }

    /** A whole chunked body without the empty chunk that ends it; then the connection ends. */
    public static Answer missingLastChunk() {
        return new Answer(NORMAL.withFraming(Framing.NO_LAST_CHUNK));
    }

    /** Exactly this body before compression, otherwise normal service. */
    public static Answer body(byte[] inflated) {
        byte[] copy = inflated.clone();
        return new Answer(NORMAL.withBody(body -> copy));
    }

    /**
     * Status 200 with exactly these bytes and headers for any query. A {@code Content-Length} is
     * added unless the headers have that or {@code Transfer-Encoding}; with either the bytes are
     * sent as they are and the connection ends.
     */
    public static Answer rawBody(byte[] bytes, Map<String, String> headers) {
        return new Answer(NORMAL.withReply(new Reply(200, null, headers, bytes.clone())));
    }

    /** As {@link #rawBody(byte[], Map)}, with another status. */
    public static Answer rawBody(int code, byte[] bytes, Map<String, String> headers) {
        return new Answer(NORMAL.withReply(new Reply(code, null, headers, bytes.clone())));
    }

    private static void requireFraction(double fraction) {
        require(fraction >= 0 && fraction <= 1, "fraction: 0 to 1", fraction);
    }

    private static void require(boolean valid, String expected, Object found) {
        if (!valid) {
            throw new IllegalArgumentException("expected " + expected + ", found " + found);
        }
    }
}
