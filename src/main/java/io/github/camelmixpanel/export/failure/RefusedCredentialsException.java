package io.github.camelmixpanel.export.failure;

import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.HttpResponseAware;

/** Mixpanel or the proxy rejected the credentials; health checks show the HTTP status. */
public final class RefusedCredentialsException extends RuntimeCamelException
        implements HttpResponseAware {

    private static final long serialVersionUID = 1L;

    private final int status;

    public RefusedCredentialsException(CredentialsException refusal) {
        super(refusal.getMessage(), refusal);
        this.status = refusal.status();
    }

    /** None: where it was found says nothing about credentials. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }

    @Override
    public int getHttpResponseCode() {
        return status;
    }

    @Override
    public void setHttpResponseCode(int httpResponseCode) {
        throw new UnsupportedOperationException("The status is that of the answer");
    }

    @Override
    public String getHttpResponseStatus() {
        return null;
    }

    @Override
    public void setHttpResponseStatus(String httpResponseStatus) {
        throw new UnsupportedOperationException("The status is that of the answer");
    }
}
