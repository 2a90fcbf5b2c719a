package io.github.camelmixpanel.export.internal.fetch;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.ConnectTimeoutException;

/**
 * What an exception of the transport says, with its kind where the message alone would not tell.
 */
final class TransportErrors {

    private TransportErrors() {}

    static String text(Exception e) {
        String kind = e.getClass().getSimpleName();
        return e.getMessage() == null ? kind : kind + ": " + e.getMessage();
    }

    /**
     * Whether no connection came about, or none that we trust. Only what is certain counts: a
     * handshake that the server breaks off may, with TLS 1.3, be told after the query was sent.
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
