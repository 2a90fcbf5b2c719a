package io.github.camelmixpanel.export.internal.fetch;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.ConnectTimeoutException;

/** Describes transport exceptions and tells those that happened before a query was sent. */
final class TransportErrors {

    private TransportErrors() {}

    /** The kind of the exception and its message, if it has one. */
    static String text(Exception e) {
        String kind = e.getClass().getSimpleName();
        return e.getMessage() == null ? kind : kind + ": " + e.getMessage();
    }

    /**
     * Whether no connection, or no trusted one, was established. Only certain cases count: with TLS
     * 1.3 the client may learn that the server aborted the handshake after it sent the query.
     */
    static boolean isBeforeTheQuery(Exception e) {
        return e instanceof ConnectException
                || e instanceof ConnectTimeoutException
                || e instanceof NoRouteToHostException
                || e instanceof UnknownHostException
                || e instanceof SSLPeerUnverifiedException
                || e instanceof SSLHandshakeException && hasCertificateCause(e);
    }

    private static boolean hasCertificateCause(Throwable e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return true;
            }
        }
        return false;
    }
}
